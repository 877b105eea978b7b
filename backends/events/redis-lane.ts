import type { Redis } from 'ioredis';
import type { Json } from '../../dsl/json.ts';
import { attributesOf, readEventMessage } from './event-message.ts';
import type { Lane } from './keyed-work.ts';
import type { HeldLane } from './lane-keeper.ts';
import { causeOf } from './reconnecting.ts';
import { redisScript, runScript } from './redis-connection.ts';
import { createRepeated } from './repeated.ts';

/** Events of one lane that are taken before they are acknowledged. */
const window = 128;

/** The one consumer that a group has in Redis: who may be it says the lease. */
const owner = 'perdure';

// Nobody reads without the lease. Entries that are read for the first time have no count: it is 1.
const read = redisScript(`
  if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('LEASE is not held') end
  local answer = redis.call(
    'XREADGROUP', 'GROUP', ARGV[2], '${owner}', 'COUNT', ARGV[3], 'STREAMS', KEYS[2], ARGV[4])
  local entries = answer and answer[1][2] or {}
  if ARGV[4] == '>' or #entries == 0 then return { entries, {} } end
  return { entries, redis.call('XPENDING', KEYS[2], ARGV[2], entries[1][1], entries[#entries][1], #entries) }
`);

// What comes before the first entry that some group still needs, goes.
const trim = redisScript(`
  local function parts(id)
    local ms, seq = string.match(id, '^(%d+)-(%d+)$')
    return tonumber(ms), tonumber(seq)
  end
  local least, least_ms, least_seq
  for _, pairs_of_group in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
    local group = {}
    for number = 1, #pairs_of_group, 2 do group[pairs_of_group[number]] = pairs_of_group[number + 1] end
    local ms, seq
    if group['pending'] > 0 then
      ms, seq = parts(redis.call('XPENDING', KEYS[1], group['name'])[2])
    else
      ms, seq = parts(group['last-delivered-id'])
      seq = seq + 1
    end
    if least == nil or ms < least_ms or (ms == least_ms and seq < least_seq) then
      least, least_ms, least_seq = string.format('%.0f-%.0f', ms, seq), ms, seq
    end
  end
  if least == nil then return 0 end
  return redis.call('XTRIM', KEYS[1], 'MINID', least)
`);

export interface RedisLaneOptions {
  readonly client: Redis;
  readonly work: Lane;
  readonly key: string;
  readonly lease: string;
  readonly group: string;
  readonly member: string;
  /** Told when there may be something new to wait for. */
  readonly onDrained: () => void;
  readonly onFailure: (reason: unknown) => void;
}

export interface RedisLane extends HeldLane {
  readonly key: string;
  /** The last entry that was read, where no other was there: wait for what comes after it. */
  readonly awaited: string | undefined;
  /** Looks whether there is something to read. */
  wake(): Promise<void>;
}

/** Reads a lane: what is pending first, then what comes. */
export function openRedisLane(options: RedisLaneOptions): RedisLane {
  const { client, work, key, lease, group, member, onDrained, onFailure } = options;
  let isOver = false;
  /** What is pending has been read up to here; undefined once all of it has. */
  let pendingAfter: string | undefined = '0-0';
  let last: string | undefined;
  let isDrained = false;
  let isWorthTrimming = false;

  async function readOnce(): Promise<void> {
    const count = window - work.size;
    const after = pendingAfter ?? '>';
    const { entries, isShort } = parseRead(
      await runScript(client, read, [lease, key], [member, group, count, after]),
      count,
    );
    const end = entries.at(-1)?.id;
    if (pendingAfter === undefined) {
      last = end ?? last;
      isDrained = isShort;
    } else if (end !== undefined) {
      pendingAfter = end;
    } else {
      pendingAfter = undefined;
      last = await lastDelivered(client, key, group);
    }
    for (const { id, content, attempt } of entries) {
      // One that somebody deleted while it was pending.
      if (content === undefined) acknowledge(id);
      else void work.add(content, attempt).then((isDone) => isDone && acknowledge(id));
    }
  }

  function acknowledge(id: string): void {
    isWorthTrimming = true;
    // Without it the entry comes again.
    void client
      .xack(key, group, id)
      .catch(() => undefined)
      .then(() => isDrained || reading.request());
  }

  async function readAll(): Promise<void> {
    try {
      while (!isOver && !isDrained && work.size <= window / 2) await readOnce();
    } catch (error) {
      // Without the lease the next beat abandons the lane.
      if (!isOver && !causeOf(error).startsWith('LEASE')) onFailure(error);
    }
    if (isDrained) onDrained();
  }

  const reading = createRepeated(readAll);
  reading.request();
  return {
    key,
    get size() {
      return work.size;
    },
    get awaited() {
      return isDrained && !isOver ? last : undefined;
    },
    wake: async () => {
      isDrained = false;
      reading.request();
      await reading.settled();
    },
    beat: () => {
      if (!isWorthTrimming || isOver) return;
      isWorthTrimming = false;
      void runScript(client, trim, [key], []).catch(() => undefined);
    },
    leave: async () => {
      isOver = true;
      await reading.settled();
      await work.drop();
      // Behind the acknowledgements.
      await runScript(client, trim, [key], []).catch(() => undefined);
    },
    abandon: () => {
      isOver = true;
      void work.drop();
    },
  };
}

interface Entry {
  readonly id: string;
  /** Undefined where the entry is no longer there. */
  readonly content: Json | undefined;
  readonly attempt: number;
}

/** The answer of the script: entries, each an id and its fields, and what is pending of them. */
function parseRead(
  answer: unknown,
  count: number,
): { readonly entries: readonly Entry[]; readonly isShort: boolean } {
  const [entries, pending] = answer as readonly [
    readonly (readonly [Buffer, readonly Buffer[] | null])[],
    readonly (readonly [Buffer, Buffer, number, number])[],
  ];
  const counts = new Map(pending.map(([id, , , deliveries]) => [String(id), deliveries]));
  return {
    isShort: entries.length < count,
    entries: entries.map(([id, fields]) => ({
      id: String(id),
      content: fields === null ? undefined : readFields(fields),
      attempt: counts.get(String(id)) ?? 1,
    })),
  };
}

/** An entry with a `body` is a message, `content-type` and fields `ce_…` its headers; another one says what its fields say. */
function readFields(fields: readonly Buffer[]): Json {
  const values = new Map<string, Buffer>();
  for (let at = 0; at + 1 < fields.length; at += 2) {
    values.set(String(fields[at]), fields[at + 1] ?? Buffer.alloc(0));
  }
  const texts = [...values].map(([name, value]) => [name, String(value)] as const);
  const body = values.get('body');
  if (body === undefined) return Object.fromEntries(texts);
  const contentType = values.get('content-type');
  return readEventMessage({
    body,
    ...(contentType === undefined ? {} : { contentType: String(contentType) }),
    attributes: attributesOf(texts, /^ce_/i, false),
  });
}

async function lastDelivered(client: Redis, key: string, group: string): Promise<string> {
  const found = (await groupsOf(client, key)).find(({ name }) => name === group);
  if (found === undefined) throw new Error(`${key} has no group ${group} any more`);
  return found.lastDelivered;
}

interface StreamGroup {
  readonly name: string;
  readonly pending: number;
  readonly lastDelivered: string;
  /** Entries that were never read; undefined where Redis cannot tell. */
  readonly lag: number | undefined;
}

export async function groupsOf(client: Redis, key: string): Promise<readonly StreamGroup[]> {
  const answer = (await client.xinfo('GROUPS', key)) as readonly (readonly unknown[])[];
  return answer.map((fields) => {
    const values = new Map<unknown, unknown>();
    for (let at = 0; at + 1 < fields.length; at += 2) values.set(fields[at], fields[at + 1]);
    const lag = values.get('lag');
    return {
      name: String(values.get('name')),
      pending: Number(values.get('pending')),
      lastDelivered: String(values.get('last-delivered-id')),
      lag: typeof lag === 'number' ? lag : undefined,
    };
  });
}
