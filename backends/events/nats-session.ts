import type { LaneSession } from './lane-consumer.ts';
import { closeNats, connectNats, flushNats } from './nats-connection.ts';
import type { NatsSettings } from './nats-connection.ts';
import { openNatsLane } from './nats-lane.ts';
import { createNatsLeases } from './nats-leases.ts';
import { ensureConsumers, ensureLeaseStream, ensureStream, lagOf } from './nats-stream.ts';

/** How long the server may take to answer, in milliseconds: long before a lease runs out. */
const answerMs = 3_000;

/** Connects, and makes the streams and the consumers of the group where they do not exist. */
export async function openNatsSession(
  settings: NatsSettings,
  group: string,
  member: string,
): Promise<LaneSession> {
  const [connection, { jetstream, jetstreamManager }] = await Promise.all([
    connectNats(settings),
    import('@nats-io/jetstream'),
  ]);
  try {
    const client = jetstream(connection, { timeout: answerMs });
    const manager = await jetstreamManager(connection, { timeout: answerMs });
    const { lanes } = await ensureStream(manager, settings);
    const stream = await ensureLeaseStream(manager, settings);
    const consumers = await ensureConsumers(manager, settings, group, lanes);
    const ended = Promise.withResolvers<unknown>();
    void connection.closed().then((error) => ended.resolve(error ?? undefined));
    const fail = (reason: unknown): void => {
      ended.resolve(reason);
      void closeNats(connection);
    };
    return {
      lanes: consumers.length,
      leases: createNatsLeases(client, manager, { stream, group, member, lanes: consumers.length }),
      ended: ended.promise,
      fail,
      open: (lane, work, lasts) => {
        const info = consumers[lane];
        if (info === undefined) throw new Error(`There is no lane ${lane}`);
        return openNatsLane({
          consumer: client.consumers.getConsumerFromInfo(info),
          work,
          lasts,
          flush: () => flushNats(connection),
          onFailure: fail,
        });
      },
      lag: () => lagOf(manager, settings.stream, group, lanes),
      close: async () => {
        ended.resolve(undefined);
        await closeNats(connection);
      },
    };
  } catch (error) {
    await closeNats(connection);
    throw error;
  }
}
