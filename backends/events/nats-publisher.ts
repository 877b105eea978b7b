import { createHash } from 'node:crypto';
import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type { CloudEvent } from '../../workflows/contract.ts';
import { laneOf } from './event-lanes.ts';
import { eventContentType, writeEvent } from './event-message.ts';
import { closeNats, codeOf, connectNats } from './nats-connection.ts';
import type { NatsSettings } from './nats-connection.ts';
import { ensureStream, laneSubject } from './nats-stream.ts';
import { eventKey, EventRejectedError, EventSystemError } from './port.ts';
import type { EventPublisher } from './port.ts';
import { causeOf } from './reconnecting.ts';
import { createSharedConnection } from './shared-connection.ts';

/** How long the server may take to say that it has an event, in milliseconds. */
const storedMs = 10_000;

/** Our headers and the protocol's count towards the server's limit. */
const headerBytes = 256;

const messageTooLarge = 10054;

interface Opened {
  readonly connection: NatsConnection;
  readonly manager: JetStreamManager;
  readonly client: JetStreamClient;
  readonly lanes: number;
  hasGroups: boolean;
}

/**
 * Publishes and waits until the stream has the event; the server drops what it was given within the last two minutes. A
 * stream without a group keeps nothing: before the first bridge has started, `publish` rejects, and may be tried again.
 */
export function createNatsPublisher(settings: NatsSettings): EventPublisher {
  const { place, stream } = settings;

  async function open(): Promise<Opened> {
    const [connection, { jetstream, jetstreamManager }] = await Promise.all([
      connectNats(settings),
      import('@nats-io/jetstream'),
    ]);
    try {
      const manager = await jetstreamManager(connection, { timeout: storedMs });
      const { info, lanes } = await ensureStream(manager, settings);
      const hasGroups = info.state.consumer_count > 0;
      return { connection, manager, lanes, hasGroups, client: jetstream(connection, { timeout: storedMs }) };
    } catch (error) {
      await closeNats(connection);
      throw error;
    }
  }

  const shared = createSharedConnection({
    place,
    open,
    isUsable: ({ connection }: Opened) => !connection.isClosed(),
  });

  async function discard(opened: Opened): Promise<void> {
    await shared.forget(opened);
    await closeNats(opened.connection);
  }

  async function lookForGroups(opened: Opened): Promise<void> {
    const { state } = await opened.manager.streams.info(stream);
    opened.hasGroups = state.consumer_count > 0;
    if (opened.hasGroups) return;
    throw new EventSystemError(
      `events: ${place} has no group for events yet: a bridge makes it when it starts`,
    );
  }

  async function send(opened: Opened, event: CloudEvent): Promise<void> {
    const { connection, client, lanes } = opened;
    const body = writeEvent(event);
    const most = connection.info?.max_payload ?? Number.POSITIVE_INFINITY;
    if (body.length + headerBytes > most) {
      throw new EventRejectedError(
        413,
        `${place} refused an event of ${body.length} bytes: its max_payload is ${most}`,
      );
    }
    const { headers: createHeaders } = await import('@nats-io/transport-node');
    const headers = createHeaders();
    headers.set('content-type', eventContentType);
    await client.publish(laneSubject(stream, laneOf(eventKey(event), lanes)), body, {
      headers,
      msgID: messageId(event),
      expect: { streamName: stream },
      timeout: storedMs,
    });
  }

  function refusal(error: unknown): Error {
    if (error instanceof EventRejectedError || error instanceof EventSystemError) return error;
    const cause = causeOf(error);
    if (codeOf(error) === messageTooLarge) {
      return new EventRejectedError(413, `${place} refused an event: ${cause}`);
    }
    return new EventSystemError(`events: ${place} did not take an event: ${cause}`);
  }

  return {
    publish: async (event) => {
      const opened = await shared.current();
      try {
        if (!opened.hasGroups) await lookForGroups(opened);
        await send(opened, event);
      } catch (error) {
        // A server that does not answer may never do so on this connection.
        if (error instanceof Error && error.name === 'TimeoutError') void discard(opened);
        throw refusal(error);
      }
    },
    close: async () => {
      const opened = await shared.take();
      if (opened !== undefined) await closeNats(opened.connection);
    },
  };
}

/** By what the server knows an event again. Sources and ids may hold what no header may. */
function messageId({ source, id }: CloudEvent): string {
  return createHash('sha256')
    .update(JSON.stringify([source, id]))
    .digest('base64url');
}
