import type { Redis } from 'ioredis';
import { laneOf } from './event-lanes.ts';
import { eventContentType, writeEvent } from './event-message.ts';
import { eventKey, EventRejectedError, EventSystemError } from './port.ts';
import type { EventPublisher } from './port.ts';
import { causeOf } from './reconnecting.ts';
import { connectRedis, redisKeys, redisScript, runScript, settleLanes } from './redis-connection.ts';
import type { RedisSettings } from './redis-connection.ts';
import { createSharedConnection } from './shared-connection.ts';

const add = redisScript(`
  local groups = redis.pcall('XINFO', 'GROUPS', KEYS[1])
  if groups.err or #groups == 0 then return redis.error_reply('NOGROUP has the lane') end
  if redis.call('XLEN', KEYS[1]) >= tonumber(ARGV[1]) then return redis.error_reply('FULL is the lane') end
  return redis.call('XADD', KEYS[1], '*', 'content-type', ARGV[2], 'body', ARGV[3])
`);

interface Opened {
  readonly client: Redis;
  readonly lanes: number;
}

/**
 * Publishes over one connection: Redis stores in the order in which it is told. An event for a lane that no group has is
 * not published: before the first bridge has started, `publish` rejects, and may be tried again.
 */
export function createRedisPublisher(settings: RedisSettings): EventPublisher {
  const { place, maxLength } = settings;
  const keys = redisKeys(settings);

  async function open(): Promise<Opened> {
    const client = await connectRedis(settings);
    try {
      const lanes = await settleLanes(client, settings);
      return { client, lanes };
    } catch (error) {
      client.disconnect();
      throw error;
    }
  }

  const shared = createSharedConnection({
    place,
    open,
    isUsable: ({ client }: Opened) => client.status === 'ready',
  });

  function refusal(error: unknown, client: Redis): Error {
    const cause = causeOf(error);
    if (cause.startsWith('NOGROUP')) {
      return new EventSystemError(
        `events: ${place} has no group for events yet: a bridge makes it when it starts`,
      );
    }
    if (cause.startsWith('FULL')) {
      return new EventSystemError(
        `events: ${place} takes no event: its lane holds ${maxLength} that are not acknowledged (maxLength)`,
      );
    }
    if (/invalid bulk length|string exceeds maximum/i.test(cause)) {
      return new EventRejectedError(413, `${place} refused an event: ${cause}`);
    }
    // A connection that does not answer, and one whose database is gone, is made anew.
    if (!/^(?:OOM|MISCONF|NOREPLICAS)/.test(cause)) client.disconnect();
    return new EventSystemError(`events: ${place} did not take an event: ${cause}`);
  }

  return {
    publish: async (event) => {
      const { client, lanes } = await shared.current();
      const key = keys.lane(laneOf(eventKey(event), lanes), lanes);
      await runScript(client, add, [key], [maxLength, eventContentType, writeEvent(event)]).catch(
        (error: unknown) => {
          throw refusal(error, client);
        },
      );
    },
    close: async () => {
      const opened = await shared.take();
      opened?.client.disconnect();
    },
  };
}
