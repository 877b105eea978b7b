import { randomUUID } from 'node:crypto';
import type { ChannelModel, ConfirmChannel, Message } from 'amqplib';
import { laneOf } from './event-lanes.ts';
import { eventContentType, writeEvent } from './event-message.ts';
import { eventKey, EventRejectedError, EventSystemError } from './port.ts';
import type { EventPublisher } from './port.ts';
import { connectRabbitmq, declareExchanges } from './rabbitmq-connection.ts';
import type { RabbitmqSettings } from './rabbitmq-connection.ts';
import { causeOf } from './reconnecting.ts';

/** How long the broker may take to confirm, in milliseconds: one that is out of memory or disk takes for ever. */
const confirmMs = 30_000;

interface OpenChannel {
  readonly connection: ChannelModel;
  readonly channel: ConfirmChannel;
  /** Messages that no queue took, by message id. */
  readonly returned: Set<string>;
}

/**
 * Publishes with confirms: a majority of the nodes of each queue has the event on disk. An event that no queue takes is
 * not published: before the first bridge has started, `publish` rejects, and may be tried again.
 */
export function createRabbitmqPublisher(settings: RabbitmqSettings): EventPublisher {
  const { place, exchange, lanes } = settings;
  let opening: Promise<OpenChannel> | undefined;

  async function open(): Promise<OpenChannel> {
    const connection = await connectRabbitmq(settings);
    try {
      await declareExchanges(connection, settings);
      const channel = await connection.createConfirmChannel();
      const returned = new Set<string>();
      channel.on('return', ({ properties }: Message) => returned.add(String(properties.messageId)));
      channel.on('error', () => undefined);
      // The next event opens another one.
      channel.on('close', () => {
        opening = undefined;
        void connection.close().catch(() => undefined);
      });
      connection.on('close', () => (opening = undefined));
      return { connection, channel, returned };
    } catch (error) {
      await connection.close().catch(() => undefined);
      throw error;
    }
  }

  /** The channel that all share; what comes while it opens keeps its order. */
  async function current(): Promise<OpenChannel> {
    opening ??= open();
    const mine = opening;
    try {
      return await mine;
    } catch (error) {
      if (opening === mine) opening = undefined;
      throw new EventSystemError(`events: ${place} cannot be used: ${causeOf(error)}`);
    }
  }

  return {
    publish: async (event) => {
      const { channel, returned } = await current();
      const messageId = randomUUID();
      const options = {
        messageId,
        persistent: true,
        mandatory: true,
        contentType: eventContentType,
        // Short texts of the protocol end at 255 bytes.
        type: Buffer.byteLength(event.type) > 255 ? undefined : event.type,
      };
      await confirmed(place, (done) =>
        channel.publish(exchange, String(laneOf(eventKey(event), lanes)), writeEvent(event), options, done),
      );
      if (!returned.delete(messageId)) return;
      throw new EventSystemError(
        `events: ${place} has no queue for events yet: a bridge makes it when it starts`,
      );
    },
    close: async () => {
      const mine = opening;
      opening = undefined;
      const opened = await mine?.catch(() => undefined);
      await opened?.connection.close().catch(() => undefined);
    },
  };
}

async function confirmed(place: string, publish: (done: (error: unknown) => void) => unknown): Promise<void> {
  const confirm = Promise.withResolvers<void>();
  const late = setTimeout(
    () => confirm.reject(new EventSystemError(`events: ${place} did not confirm within ${confirmMs} ms`)),
    confirmMs,
  );
  try {
    publish((error) => {
      if (error === null || error === undefined) confirm.resolve();
      else confirm.reject(refusal(place, error));
    });
    await confirm.promise;
  } catch (error) {
    throw error instanceof EventSystemError || error instanceof EventRejectedError
      ? error
      : refusal(place, error);
  } finally {
    clearTimeout(late);
  }
}

function refusal(place: string, error: unknown): Error {
  const cause = causeOf(error);
  // The broker closes the channel, with every event on it.
  if (/larger than/.test(cause)) return new EventRejectedError(413, `${place} refused an event: ${cause}`);
  return new EventSystemError(`events: ${place} did not take an event: ${cause}`);
}
