/**
 * The inbox: every event that came, for a time, so that a listener which begins a little later still receives it.
 *
 * An event lies under its type in order of arrival, with a second document that knows its place by source and id. The
 * second is written first: who finds it completes what a crash may have cut off, at the same place. A small document a
 * type lets the sweeper find every type without looking at the events.
 */
import { eventIdentity } from '../../dsl/events/cloud-event.ts';
import type { CloudEvent } from '../../dsl/events/cloud-event.ts';
import { fulfils } from '../../dsl/events/evaluate-on-event.ts';
import type { EventRoute } from '../../dsl/events/routes.ts';
import { isJsonObject, jsonSize } from '../../dsl/json.ts';
import type { Json } from '../../dsl/json.ts';
import { isLifecycleType } from '../../workflows/contract.ts';
import type { EarlyEvents } from '../../workflows/contract.ts';
import type { Store, StoredDocument } from '../store/port.ts';
import { inboxKeys, inboxPlace } from './event-keys.ts';
import { filteredPage } from './filtered-page.ts';
import { entryValue, isTaken, newEntry, parseClaim, parseEntry } from './inbox-entry.ts';
import { placeOf, timeOf, withRecipient } from './inbox-entry.ts';
import type { InboxClaim, InboxEntry, Recipient } from './inbox-entry.ts';

/** Which early events a listener asks for. */
export interface EarlyRequest {
  readonly routes: readonly EventRoute[];
  readonly recipient: Recipient;
  readonly after?: string;
  readonly maxBytes: number;
}

/** Which events to list. */
export interface InboxQuery {
  readonly type?: string;
  readonly source?: string;
  /** Whether a definition acted on it. */
  readonly matched?: boolean;
  readonly limit: number;
  readonly cursor?: string;
}

/** The inbox in the store. Fails with a {@link StoreError}. */
export interface Inbox {
  /**
   * Keeps events for `keepMs` milliseconds, in their order; safe to repeat. Resolves to whether each was known: it came
   * before, and is there still.
   */
  add(events: readonly CloudEvent[], keepMs: number): Promise<readonly boolean[]>;
  /**
   * Events for a listener, oldest first: those that one of its routes describes, and that no other execution of the
   * same definition has acted on. Who listens to everything waits for no event in particular, and gets none.
   */
  early(request: EarlyRequest): Promise<EarlyEvents>;
  /** Notes who acted on an event; nothing where it has gone. */
  noteConsumed(identity: string, recipient: Recipient): Promise<void>;
  /**
   * Pages of what is there, by type and arrival. `limit` is 1 to 1,000; a page may hold fewer, only a missing cursor is
   * the end.
   */
  list(query: InboxQuery): Promise<{
    readonly entries: readonly InboxEntry[];
    readonly nextCursor?: string;
  }>;
  /** Removes what has expired; resolves to how many events that were. */
  sweep(): Promise<number>;
}

const pageSize = 200;
// A type's document is written anew this often, so that the sweeper can tell a type that nobody sends any more.
const touchEveryMs = 60_000;
const forgetTypeMs = 10 * touchEveryMs;

/** The inbox on `store`. */
export function createInbox(store: Store): Inbox {
  const touched = new Map<string, number>();
  let count = 0;

  async function touch(type: string, now: number): Promise<void> {
    if (now - (touched.get(type) ?? 0) < touchEveryMs) return;
    await store.put(inboxKeys.type(type), { type, at: now }, 'any');
    if (touched.size > 10_000) touched.clear();
    touched.set(type, now);
  }

  async function* documents(prefix: string): AsyncGenerator<StoredDocument> {
    let cursor: string | undefined;
    do {
      const page = await store.scan(prefix, { limit: pageSize, ...(cursor === undefined ? {} : { cursor }) });
      yield* page.documents;
      cursor = page.cursor;
    } while (cursor !== undefined);
  }

  async function* types(): AsyncGenerator<{ readonly type: string; readonly document: StoredDocument }> {
    for await (const document of documents(inboxKeys.types)) {
      const type = isJsonObject(document.value) ? document.value['type'] : undefined;
      if (typeof type === 'string') yield { type, document };
    }
  }

  async function typesOf(routes: readonly EventRoute[]): Promise<readonly string[]> {
    const named = routes.flatMap(({ type }) => type ?? []);
    if (named.length === routes.length) return [...new Set(named)];
    const known = new Set(named);
    for await (const { type } of types()) if (!isLifecycleType(type)) known.add(type);
    return [...known];
  }

  /** Where the event lies: at `place`, unless it is there already and came since `freshSince`. */
  async function claim(
    event: CloudEvent,
    place: string,
    freshSince: number,
  ): Promise<InboxClaim & { readonly known: boolean }> {
    const key = inboxKeys.identity(eventIdentity(event));
    const own = { type: event.type, place };
    if ((await store.put(key, own, 'absent')) !== undefined) return { ...own, known: false };
    const claimed = parseClaim(key, (await store.get(key))?.value ?? own);
    if (timeOf(claimed.place) >= freshSince) return { ...claimed, known: true };
    // An expired event that comes again is a new one, for whoever sweeps and whoever listens.
    await store.put(key, own, 'any');
    return { ...own, known: false };
  }

  return {
    async add(events, keepMs) {
      const now = Date.now();
      for (const type of new Set(events.map(({ type }) => type))) await touch(type, now);
      const claimed = await Promise.all(
        events.map(async (event) => {
          const place = inboxPlace(event, now, (count += 1));
          return { event, ...(await claim(event, place, now - keepMs)) };
        }),
      );
      const put = async ({ event, type, place }: (typeof claimed)[number]): Promise<void> => {
        const value = entryValue(newEntry(event, timeOf(place), keepMs));
        await store.put(inboxKeys.event(type, place), value, 'absent');
      };
      // In order: a listener that sees the second before the first would act on it first.
      if (store.writesInOrder) await Promise.all(claimed.map(put));
      else for (const one of claimed) await put(one);
      return claimed.map(({ known }) => known);
    },

    async early({ routes, recipient, after = '', maxBytes }) {
      const now = Date.now();
      const found: { readonly place: string; readonly event: CloudEvent }[] = [];
      const selective = routes.filter(({ type, where }) => type !== undefined || where.length > 0);
      for (const type of await typesOf(selective)) {
        for await (const { key, value } of documents(inboxKeys.ofType(type))) {
          const place = placeOf(key);
          const entry = parseEntry(key, value);
          const wanted = (): boolean =>
            selective.some((route) => (route.type ?? type) === type && fulfils(entry.event, route.where));
          const isOpen = entry.expiresAt > now && !isTaken(entry, recipient);
          if (place > after && isOpen && wanted()) found.push({ place, event: entry.event });
        }
      }
      found.sort((left, right) => (left.place < right.place ? -1 : 1));
      let bytes = 0;
      const events: CloudEvent[] = [];
      for (const [index, { event }] of found.entries()) {
        bytes += jsonSize(event);
        if (bytes > maxBytes && index > 0) return { events, next: found[index - 1]?.place ?? after };
        events.push(event);
      }
      return { events };
    },

    async noteConsumed(identity, recipient) {
      const idKey = inboxKeys.identity(identity);
      const claim = await store.get(idKey);
      if (claim === undefined) return;
      const { type, place } = parseClaim(idKey, claim.value);
      const key = inboxKeys.event(type, place);
      for (;;) {
        const document = await store.get(key);
        if (document === undefined) return;
        const entry = parseEntry(key, document.value);
        const noted = withRecipient(entry, recipient);
        if (noted === undefined) return;
        if ((await store.put(key, entryValue(noted), { version: document.version })) !== undefined) return;
      }
    },

    async list({ type, source, matched, ...page }) {
      const now = Date.now();
      const prefix = type === undefined ? inboxKeys.events : inboxKeys.ofType(type);
      const { items, nextCursor } = await filteredPage(store, prefix, page, ({ key, value }) => {
        const entry = parseEntry(key, value);
        const isWanted =
          entry.expiresAt > now &&
          (source === undefined || entry.event.source === source) &&
          (matched === undefined || entry.recipients.length > 0 === matched);
        return isWanted ? entry : undefined;
      });
      return { entries: items, ...(nextCursor === undefined ? {} : { nextCursor }) };
    },

    async sweep() {
      const now = Date.now();
      let removed = 0;
      for await (const { type, document } of types()) {
        let expired = await oldestExpired(type, now);
        while (expired.length > 0) {
          // At once: what is asked of a store at the same time costs it least.
          await Promise.all(expired.map(removeEvent));
          removed += expired.length;
          expired = await oldestExpired(type, now);
        }
        const { at } = document.value as { readonly at?: Json };
        const isOld = typeof at === 'number' && now - at > forgetTypeMs;
        if (!isOld) continue;
        const { documents: left } = await store.scan(inboxKeys.ofType(type), { limit: 1 });
        if (left.length === 0) await store.delete(document.key, { version: document.version });
      }
      return removed;
    },
  };

  /** What has expired of a type, the oldest first, as much as a page holds. */
  async function oldestExpired(type: string, now: number): Promise<readonly StoredDocument[]> {
    const page = await store.scan(inboxKeys.ofType(type), { limit: pageSize });
    // In order of arrival: behind the first that stays all stay.
    const kept = page.documents.findIndex(({ key, value }) => parseEntry(key, value).expiresAt > now);
    return kept < 0 ? page.documents : page.documents.slice(0, kept);
  }

  async function removeEvent({ key, value }: StoredDocument): Promise<void> {
    const idKey = inboxKeys.identity(eventIdentity(parseEntry(key, value).event));
    const document = await store.get(idKey);
    // The event may have come again since, to another place.
    if (document !== undefined && parseClaim(idKey, document.value).place === placeOf(key)) {
      await store.delete(idKey, { version: document.version });
    }
    await store.delete(key, 'any');
  }
}
