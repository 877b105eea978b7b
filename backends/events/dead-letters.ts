/**
 * Dead letters: events that could not be routed, set aside with the reason until a person sends them again or lets them
 * go. A letter is three documents. What lists show lies in order of the first failure and is small; the content lies
 * beside it; a third knows the letter of an event, so that an event which dies again, or comes again since a crash came
 * between the letter and its acknowledgement, does not make a second one.
 */
import { createHash } from 'node:crypto';
import { eventIdentity, parseCloudEvent } from '../../dsl/events/cloud-event.ts';
import { asJson, canonicalJson, isJsonObject, jsonSize } from '../../dsl/json.ts';
import type { Json } from '../../dsl/json.ts';
import { StoreError } from '../store/errors.ts';
import type { Store } from '../store/port.ts';
import type { DeadReason } from './failure.ts';
import { filteredPage } from './filtered-page.ts';

export interface DeadLetter {
  /** Begins with the time of the first failure: ids are in that order. */
  readonly id: string;
  readonly reason: DeadReason;
  /** What went wrong, for people. */
  readonly detail: string;
  /** Attributes of the event, as far as the content has them. */
  readonly event: { readonly id?: string; readonly source?: string; readonly type?: string };
  /** Where the event system had it. */
  readonly origin?: string;
  /** The first failure and the last, and when the letter goes; milliseconds since the epoch. */
  readonly diedAt: number;
  readonly failedAt: number;
  readonly expiresAt: number;
  /** Tries to route it, all together. */
  readonly attempts: number;
  /** Of the content's JSON. */
  readonly bytes: number;
  /** False where the content is too large to be kept: then only its beginning is, as a text. */
  readonly complete: boolean;
  /** Addresses of those who have the event nevertheless: it is not handed to them again. */
  readonly reached: readonly string[];
}

/** What is set aside. */
export interface DeadEvent {
  readonly content: Json;
  readonly reason: DeadReason;
  readonly detail: string;
  readonly attempts: number;
  readonly origin?: string;
  readonly reached?: Iterable<string>;
}

export interface DeadLetterLimits {
  /** How long a letter is kept after its last failure, in milliseconds. */
  readonly keepMs: number;
  /** Letters that are kept; the oldest goes first. Processes that set aside at once may be above it for a minute. */
  readonly max: number;
  /** Content of more bytes of JSON is cut. */
  readonly contentBytes: number;
}

export interface DeadLetterQuery {
  readonly reason?: DeadReason;
  readonly type?: string;
  readonly limit: number;
  readonly cursor?: string;
}

/** The dead letters in the store. Fails with a {@link StoreError}. */
export interface DeadLetters {
  /** Sets content aside, or notes that what is set aside has failed again. */
  add(dead: DeadEvent): Promise<DeadLetter>;
  get(id: string): Promise<{ readonly letter: DeadLetter; readonly content: Json } | undefined>;
  /** Pages of letters, the latest first. `limit` is 1 to 1,000; a page may hold fewer, only a missing cursor is the end. */
  list(
    query: DeadLetterQuery,
  ): Promise<{ readonly letters: readonly DeadLetter[]; readonly nextCursor?: string }>;
  /** Resolves to whether it was there. */
  remove(id: string): Promise<boolean>;
  /** Removes what has expired, and the oldest where there are too many; resolves to how many that were. */
  sweep(): Promise<number>;
}

const keys = {
  letters: 'dead-letter/',
  letter: (id: string): string => `dead-letter/${id}`,
  content: (id: string): string => `dead-letter-content/${id}`,
  event: (digest: string): string => `dead-letter-event/${digest}`,
};

const idPattern = /^\d{14}-([0-9a-f]{24})$/;

const maxDetail = 2_000;
const maxAttribute = 2_048;
const maxReached = 1_000;

/** The dead letters on `store`. */
export function createDeadLetters(
  store: Store,
  { keepMs, max, contentBytes }: DeadLetterLimits,
): DeadLetters {
  // As this process knows it: counted by each sweep, and never below that in between.
  let count = 0;

  async function find(
    id: string,
  ): Promise<{ readonly letter: DeadLetter; readonly version: string } | undefined> {
    const document = await store.get(keys.letter(id));
    return document && { letter: parseLetter(document.key, document.value), version: document.version };
  }

  /** The id of the event's letter: the one that is there, else a new one. */
  async function claim(digest: string, now: number): Promise<string> {
    const key = keys.event(digest);
    const fresh = `${String(now).padStart(14, '0')}-${digest}`;
    for (;;) {
      if ((await store.put(key, fresh, 'absent')) !== undefined) return fresh;
      const claimed = await store.get(key);
      if (claimed === undefined) continue;
      const id = claimed.value;
      if (typeof id === 'string' && (await find(id)) !== undefined) return id;
      // A removal, or an earlier call, was cut off half way.
      if ((await store.put(key, fresh, { version: claimed.version })) !== undefined) return fresh;
    }
  }

  async function remove(id: string): Promise<boolean> {
    const [, digest = ''] = idPattern.exec(id) ?? [];
    if (digest === '') return false;
    // The letter last: as long as it is there, a removal that was cut off can be repeated.
    const wasThere = (await store.get(keys.letter(id))) !== undefined;
    await store.delete(keys.content(id), 'any');
    const claimed = await store.get(keys.event(digest));
    if (claimed?.value === id) await store.delete(claimed.key, { version: claimed.version });
    await store.delete(keys.letter(id), 'any');
    return wasThere;
  }

  /** Every letter, the oldest first. */
  async function* all(): AsyncGenerator<DeadLetter> {
    let cursor: string | undefined;
    do {
      const page = await store.scan(keys.letters, {
        limit: 200,
        ...(cursor === undefined ? {} : { cursor }),
      });
      for (const { key, value } of page.documents) yield parseLetter(key, value);
      cursor = page.cursor;
    } while (cursor !== undefined);
  }

  async function sweep(room = 0): Promise<number> {
    const now = Date.now();
    const gone: string[] = [];
    const kept: string[] = [];
    for await (const { id, expiresAt } of all()) (expiresAt <= now ? gone : kept).push(id);
    gone.push(...kept.splice(0, Math.max(0, kept.length - max + room)));
    for (const id of gone) await remove(id);
    count = kept.length;
    return gone.length;
  }

  return {
    async add({ content, reason, detail, attempts, origin, reached = [] }) {
      // A flood of them must not wait for the sweeper; a twentieth at once, since looking at all of them costs.
      if (count >= max) await sweep(Math.ceil(max / 20));
      const now = Date.now();
      const id = await claim(digestOf(content), now);
      const kept = keptContent(content, contentBytes);
      await store.put(keys.content(id), kept.content, 'any');
      for (;;) {
        const before = await find(id);
        const { diedAt = now, attempts: earlier = 0, reached: had = [] } = before?.letter ?? {};
        const letter: DeadLetter = {
          id,
          reason,
          detail: cut(detail, maxDetail),
          event: attributesOf(content),
          ...(origin === undefined ? {} : { origin: cut(origin, maxAttribute) }),
          diedAt,
          failedAt: now,
          expiresAt: now + keepMs,
          attempts: earlier + attempts,
          bytes: jsonSize(content),
          complete: kept.complete,
          // Beyond that many, those who listen for another day would get it again within their memory alone.
          reached: [...new Set([...had, ...reached])].slice(0, maxReached),
        };
        const expected = before === undefined ? 'absent' : { version: before.version };
        if ((await store.put(keys.letter(id), asJson(letter), expected)) === undefined) continue;
        if (before === undefined) count += 1;
        return letter;
      }
    },

    async get(id) {
      if (!idPattern.test(id)) return undefined;
      const found = await find(id);
      if (found === undefined) return undefined;
      const content = await store.get(keys.content(id));
      const complete = found.letter.complete && content !== undefined;
      return { letter: { ...found.letter, complete }, content: content?.value ?? null };
    },

    async list({ reason, type, ...page }) {
      const isWanted = (letter: DeadLetter): boolean =>
        (reason === undefined || letter.reason === reason) &&
        (type === undefined || letter.event.type === type);
      const { items, nextCursor } = await filteredPage(
        store,
        keys.letters,
        { ...page, reverse: true },
        ({ key, value }) => {
          const letter = parseLetter(key, value);
          return isWanted(letter) ? letter : undefined;
        },
      );
      return { letters: items, ...(nextCursor === undefined ? {} : { nextCursor }) };
    },

    remove,
    sweep: () => sweep(),
  };
}

/** The same for every copy of an event, and for the same content where it is no event. */
function digestOf(content: Json): string {
  const parsed = parseCloudEvent(content);
  const identity = parsed.ok ? `event ${eventIdentity(parsed.event)}` : `content ${canonicalJson(content)}`;
  return createHash('sha256').update(identity).digest('hex').slice(0, 24);
}

function keptContent(
  content: Json,
  contentBytes: number,
): { readonly content: Json; readonly complete: boolean } {
  if (jsonSize(content) <= contentBytes) return { content, complete: true };
  let text = typeof content === 'string' ? content : JSON.stringify(content);
  text = text.slice(0, contentBytes);
  // Escapes and letters beyond ASCII take more bytes than one.
  while (jsonSize(text) > contentBytes) text = text.slice(0, Math.floor(text.length / 2));
  return { content: text.toWellFormed(), complete: false };
}

function attributesOf(content: Json): DeadLetter['event'] {
  if (!isJsonObject(content)) return {};
  const attribute = (name: 'id' | 'source' | 'type'): Partial<Record<typeof name, string>> => {
    const value = content[name];
    return typeof value === 'string' && value !== '' ? { [name]: cut(value, maxAttribute) } : {};
  };
  return { ...attribute('id'), ...attribute('source'), ...attribute('type') };
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).toWellFormed()}…`;
}

function parseLetter(key: string, value: Json): DeadLetter {
  if (!isJsonObject(value) || typeof value['expiresAt'] !== 'number') {
    throw new StoreError(
      'invalid',
      `The document "${key}" in the store is not what Perdure wrote there. Delete it.`,
    );
  }
  // Written by this file.
  return value as object as DeadLetter;
}
