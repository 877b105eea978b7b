import type { Redis } from 'ioredis';
import { leaseMs } from './lane-keeper.ts';
import type { LaneLeases } from './lane-keeper.ts';
import { redisKeys, redisScript, runScript } from './redis-connection.ts';
import type { RedisSettings } from './redis-connection.ts';

// By the clock of Redis: those of the members may differ.
const beat = redisScript(`
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
  redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  local answer = { redis.call('ZCARD', KEYS[1]) }
  for number = 2, #KEYS do
    local owner = redis.call('GET', KEYS[number])
    if owner == ARGV[1] then redis.call('PEXPIRE', KEYS[number], ARGV[2]) end
    answer[number] = owner and (owner == ARGV[1] and 1 or 2) or 0
  end
  return answer
`);

const release = redisScript(`
  if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
  return 0
`);

/** A lease is a key that says who has the lane and expires; members are a set sorted by when each place runs out. */
export function createRedisLeases(
  client: Redis,
  settings: RedisSettings,
  { group, member, lanes }: { readonly group: string; readonly member: string; readonly lanes: number },
): LaneLeases {
  const keys = redisKeys(settings);
  const numbers = [...Array(lanes).keys()];
  const leases = numbers.map((lane) => keys.lease(group, lane));
  return {
    beat: async () => {
      const answer = await runScript(client, beat, [keys.members(group), ...leases], [member, leaseMs]);
      const [members = 1, ...owners] = (answer as readonly unknown[]).map(Number);
      return {
        members,
        mine: new Set(numbers.filter((lane) => owners[lane] === 1)),
        free: numbers.filter((lane) => owners[lane] === 0),
      };
    },
    take: async (lane) => (await client.set(keys.lease(group, lane), member, 'PX', leaseMs, 'NX')) === 'OK',
    release: async (lane) => void (await runScript(client, release, [keys.lease(group, lane)], [member])),
    resign: async () => void (await client.zrem(keys.members(group), member)),
  };
}
