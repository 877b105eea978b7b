import { setTimeout as delay } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { LaneSession } from './lane-consumer.ts';
import { connectRedis, redisKeys, settleLanes } from './redis-connection.ts';
import type { RedisSettings } from './redis-connection.ts';
import { groupsOf, openRedisLane } from './redis-lane.ts';
import type { RedisLane } from './redis-lane.ts';
import { createRedisLeases } from './redis-leases.ts';

/** How long one wait for new entries lasts, in milliseconds: so long a lane that was just taken may go without. */
const waitMs = 500;

/**
 * Consumes by two connections: one for commands, and one that waits for new entries. The group begins where each stream
 * ends now, which Redis writes down at once.
 */
export async function openRedisSession(
  settings: RedisSettings,
  group: string,
  member: string,
): Promise<LaneSession> {
  const keys = redisKeys(settings);
  const client = await connectRedis(settings);
  const opened: Redis[] = [client];
  const close = (): void => {
    for (const one of opened) one.disconnect();
  };
  try {
    const waiter = await connectRedis(settings);
    opened.push(waiter);
    const laneCount = await settleLanes(client, settings);
    const streams = Array.from({ length: laneCount + 1 }, (_, lane) => keys.lane(lane, laneCount));
    await Promise.all(streams.map((key) => ensureGroup(client, key, group)));

    const ended = Promise.withResolvers<unknown>();
    for (const one of opened) one.on('end', () => fail(undefined));
    const held = new Set<RedisLane>();
    let isOver = false;
    let somethingToAwait = Promise.withResolvers<void>();

    function fail(reason: unknown): void {
      isOver = true;
      somethingToAwait.resolve();
      ended.resolve(reason);
      close();
    }

    async function keepWaiting(): Promise<void> {
      while (!isOver) {
        const awaited = [...held].flatMap((lane) => (lane.awaited === undefined ? [] : [lane]));
        if (awaited.length === 0) {
          somethingToAwait = Promise.withResolvers<void>();
          await Promise.race([somethingToAwait.promise, delay(waitMs, undefined, { ref: false })]);
          continue;
        }
        // One entry a stream comes along with the news; it is read again with the lease.
        const news = await waiter.xreadBuffer(
          'COUNT',
          1,
          'BLOCK',
          waitMs,
          'STREAMS',
          ...awaited.map(({ key }) => key),
          ...awaited.map((lane) => lane.awaited ?? '$'),
        );
        const woken = new Set((news ?? []).map(([key]) => String(key)));
        await Promise.all(awaited.filter(({ key }) => woken.has(key)).map((lane) => lane.wake()));
      }
    }

    void keepWaiting().catch(fail);
    return {
      lanes: streams.length,
      leases: createRedisLeases(client, settings, { group, member, lanes: streams.length }),
      ended: ended.promise,
      fail,
      open: (number, work) => {
        const lane = openRedisLane({
          client,
          work,
          group,
          member,
          key: streams[number] ?? '',
          lease: keys.lease(group, number),
          onDrained: () => somethingToAwait.resolve(),
          onFailure: fail,
        });
        held.add(lane);
        const forget = (): void => void held.delete(lane);
        return {
          get size() {
            return lane.size;
          },
          beat: () => lane.beat(),
          leave: () => lane.leave().finally(forget),
          abandon: () => {
            forget();
            lane.abandon();
          },
        };
      },
      lag: async () => {
        const lags = await Promise.all(streams.map((key) => lagOf(client, key, group)));
        return lags.reduce((sum, lag) => sum + lag, 0);
      },
      close: () => {
        fail(undefined);
        return Promise.resolve();
      },
    };
  } catch (error) {
    close();
    throw error;
  }
}

async function ensureGroup(client: Redis, key: string, group: string): Promise<void> {
  await client.xgroup('CREATE', key, group, '$', 'MKSTREAM').catch((error: unknown) => {
    if (!(error instanceof Error) || !error.message.startsWith('BUSYGROUP')) throw error;
  });
}

/** Redis before 7 does not say how much was never read: then everything in the stream that is not trimmed yet counts. */
async function lagOf(client: Redis, key: string, group: string): Promise<number> {
  const found = (await groupsOf(client, key)).find(({ name }) => name === group);
  if (found === undefined) return 0;
  return found.lag === undefined ? await client.xlen(key) : found.pending + found.lag;
}
