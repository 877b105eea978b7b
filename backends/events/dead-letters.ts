/**
 * Dead letters: events that could not be routed, set aside with the reason until a person sends them again or lets them
 * go. A letter is three documents. What lists show lies in order of the first failure and is small; the content lies
 * beside it; a third knows the letter of an event, so that an event which dies again, or comes again since a crash came
 * between the letter and its acknowledgement, does not make a second one.
 */
import { asJson } from '../../dsl/json.ts';
import type { Json } from '../../dsl/json.ts';
import type { Store } from '../store/port.ts';
import { digestOf, keptContent, letterOf, parseLetter } from './dead-letter.ts';
import type { DeadEvent, DeadLetter } from './dead-letter.ts';
import type { DeadReason } from './failure.ts';
import { filteredPage } from './filtered-page.ts';

export type { DeadEvent, DeadLetter };

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

/** The dead letters in the store. Fails with a `StoreError`. */
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
    async add(dead) {
      // A flood of them must not wait for the sweeper; a twentieth at once, since looking at all of them costs.
      if (count >= max) await sweep(Math.ceil(max / 20));
      const now = Date.now();
      const id = await claim(digestOf(dead.content), now);
      const kept = keptContent(dead.content, contentBytes);
      await store.put(keys.content(id), kept.content, 'any');
      for (;;) {
        const before = await find(id);
        const letter = letterOf(dead, before?.letter, { id, complete: kept.complete, now, keepMs });
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
