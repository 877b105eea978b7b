/**
 * What each call does in Redis, in one script: nothing happens between its steps. All times are the server's. KEYS are the
 * lock (a hash: holder, token, since, expiresAt), its counter, which never expires, its queue (a sorted set of holders by
 * ticket), the waiters (a hash: holder to "since seenUntil"), and the set of all locks that are used.
 */

const names = `
local lock, counter, queue, waiters, used = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local function text(value) return string.format('%.0f', value) end
local function leave(holder)
  redis.call('ZREM', queue, holder)
  redis.call('HDEL', waiters, holder)
end
local function front()
  while true do
    local first = redis.call('ZRANGE', queue, 0, 0)[1]
    if not first then return false end
    local seen = redis.call('HGET', waiters, first)
    local untilWhen = seen and tonumber(string.match(seen, '%d+$')) or 0
    if untilWhen >= now then return first end
    leave(first)
  end
end
`;

/**
 * ARGV: key, holder, ttlMs, patienceMs. Gives the token, when the lease runs out and 0; or an empty token, in how many
 * milliseconds the lease of the other holder runs out, and the place in the queue.
 */
export const acquireScript = `${names}
local key, holder, ttl, patience = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local held = redis.call('HMGET', lock, 'holder', 'token', 'expiresAt')
if held[1] == holder then
  leave(holder)
  redis.call('HSET', lock, 'expiresAt', text(now + ttl))
  return { held[2], text(now + ttl), 0 }
end
local since = redis.call('HGET', waiters, holder)
since = since and string.match(since, '^%d+') or text(now)
redis.call('HSET', waiters, holder, since .. ' ' .. text(now + patience))
if not redis.call('ZSCORE', queue, holder) then
  local last = redis.call('ZRANGE', queue, -1, -1, 'WITHSCORES')[2]
  redis.call('ZADD', queue, (last or 0) + 1, holder)
end
redis.call('ZADD', used, 0, key)
local left = held[1] and tonumber(held[3]) - now or 0
local first = front()
if left > 0 or first ~= holder then
  return { '', text(math.max(left, 1)), redis.call('ZRANK', queue, holder) }
end
local last = tonumber(redis.call('GET', counter) or '0')
local token = text(math.max(last + 1, now))
redis.call('SET', counter, token)
leave(holder)
redis.call('HSET', lock, 'holder', holder, 'token', token, 'since', text(now), 'expiresAt', text(now + ttl))
return { token, text(now + ttl), 0 }
`;

/** ARGV: holder, token, ttlMs. Gives when the lease runs out, or an empty text where the lock is lost. */
export const renewScript = `${names}
local held = redis.call('HMGET', lock, 'holder', 'token')
if held[1] ~= ARGV[1] or held[2] ~= ARGV[2] then return '' end
local expiresAt = text(now + tonumber(ARGV[3]))
redis.call('HSET', lock, 'expiresAt', expiresAt)
return expiresAt
`;

/** ARGV: key, holder, token (empty: whatever the holder has), channel. Wakes who is next. */
export const releaseScript = `${names}
local key, holder, token = ARGV[1], ARGV[2], ARGV[3]
local held = redis.call('HMGET', lock, 'holder', 'token', 'expiresAt')
if held[1] == holder and (token == '' or held[2] == token) then
  redis.call('DEL', lock)
  held = {}
end
if token == '' then leave(holder) end
local first = front()
local isFree = not held[1] or tonumber(held[3]) <= now
if isFree and first then redis.call('PUBLISH', ARGV[4], first)
elseif isFree and not first then
  redis.call('ZREM', used, key)
end
return 1
`;

/** ARGV: how many waiters to show. Gives the holder's four values, how many wait, and waiters with since and seenUntil. */
export const stateScript = `${names}
local held = redis.call('HMGET', lock, 'holder', 'token', 'since', 'expiresAt')
front()
local answer = { held[1] or '', held[2] or '', held[3] or '', held[4] or '', text(now), redis.call('ZCARD', queue) }
for _, holder in ipairs(redis.call('ZRANGE', queue, 0, tonumber(ARGV[1]) - 1)) do
  table.insert(answer, holder)
  table.insert(answer, redis.call('HGET', waiters, holder) or '0 0')
end
return answer
`;
