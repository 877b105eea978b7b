import type { JsonObject } from '../../../../dsl/json.ts';

export interface DocumentOptions {
  readonly run: string;
  readonly base: string;
  /** host:port of the message broker. */
  readonly broker: string;
  readonly hasChannels: boolean;
}

const info = { title: 'Pets and notifications', version: '1.0.0' };

const notification = {
  contentType: 'application/json',
  correlationId: { location: '$message.payload#/userId' },
  payload: { type: 'object' },
};

/** What the notifications of a run are sent to. */
export const topicOf = (run: string): string => `${run}/notifications`;

/** https://fake.com/docs/asyncapi.json: AsyncAPI 3.0, or 2.6 for the example that names a channel. */
export function asyncApiDocument(options: DocumentOptions): JsonObject {
  return options.hasChannels ? withChannels(options) : withOperations(options);
}

/** Pets are told over HTTP; notifications come from an MQTT broker or, where `protocol` says so, over WebSocket. */
function withOperations({ base, broker, run }: DocumentOptions): JsonObject {
  const { host, pathname } = new URL(base);
  return {
    asyncapi: '3.0.0',
    info,
    servers: {
      staging: { host, pathname: `${pathname}/broker.fake.com`, protocol: 'http' },
      broker: { host: broker, protocol: 'mqtt' },
      live: { host, pathname: `${pathname}/live.fake.com`, protocol: 'ws' },
    },
    channels: {
      pets: {
        address: 'pets',
        servers: [{ $ref: '#/servers/staging' }],
        messages: { petWanted: { contentType: 'application/json', payload: { type: 'object' } } },
      },
      notifications: {
        address: topicOf(run),
        servers: [{ $ref: '#/servers/broker' }, { $ref: '#/servers/live' }],
        messages: { notification },
      },
    },
    operations: {
      findPetsByStatus: {
        action: 'send',
        channel: { $ref: '#/channels/pets' },
        bindings: { http: { method: 'POST' } },
      },
      getNotifications: { action: 'receive', channel: { $ref: '#/channels/notifications' } },
    },
  };
}

function withChannels({ base }: DocumentOptions): JsonObject {
  const { host, pathname } = new URL(base);
  return {
    asyncapi: '2.6.0',
    info,
    servers: { live: { url: `ws://${host}${pathname}/live.fake.com`, protocol: 'ws' } },
    channels: { '/notifications': { subscribe: { message: notification } } },
  };
}
