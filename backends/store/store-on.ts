import { randomUUID } from 'node:crypto';
import type { Json } from '../../dsl/json.ts';
import type { Driver, Row } from './driver.ts';
import { StoreError } from './errors.ts';
import { checkKey, checkLimit, checkPrefix, cursorAfter } from './limits.ts';
import { endOfPrefix, keyOfCursor, maxPageCharacters, valueText } from './limits.ts';
import type { Store, StoredDocument } from './port.ts';

/** The store on a database: checks what comes in, gives versions and pages, and turns errors into store errors. */
export function storeOn(driver: Driver): Store {
  let closing: Promise<void> | undefined;

  async function run<Result>(call: () => Promise<Result>): Promise<Result> {
    if (closing !== undefined) throw new StoreError('closed', `The store ${driver.name} is closed`);
    try {
      return await withinDeadline(driver, call);
    } catch (error) {
      throw error instanceof StoreError ? error : driver.explain(error);
    }
  }

  return {
    ...(driver.writesInOrder === undefined ? {} : { writesInOrder: driver.writesInOrder }),

    async get(key) {
      checkKey(key);
      const row = await run(() => driver.get(key));
      return row && documentOf(row);
    },

    async put(key, value, expected) {
      checkKey(key);
      const row = newRow(key, value);
      const isWritten = await run(async () => {
        if (expected === 'absent') return await driver.insert(row);
        if (expected !== 'any') return await driver.update(row, expected.version);
        await driver.upsert(row);
        return true;
      });
      return isWritten ? row.version : undefined;
    },

    async insertAll(documents) {
      for (const { key } of documents) checkKey(key);
      const rows = documents.map(({ key, value }) => newRow(key, value));
      return rows.length === 0 ? new Set() : await run(() => driver.insertAll(rows));
    },

    async delete(key, expected) {
      checkKey(key);
      return await run(async () => {
        if (expected === 'absent') return (await driver.get(key)) === undefined;
        if (expected !== 'any') return await driver.removeVersion(key, expected.version);
        await driver.remove(key);
        return true;
      });
    },

    async scan(prefix, { limit, cursor, reverse = false }) {
      checkPrefix(prefix);
      checkLimit(limit);
      const after = cursor === undefined ? undefined : keyOfCursor(cursor, prefix);
      // The lowest key above `after` is `after` with U+0000 behind it.
      const from = after === undefined || reverse ? prefix : `${after}\u0000`;
      const to = after !== undefined && reverse ? after : endOfPrefix(prefix);
      const range = { from, to, reverse, limit, maxSize: maxPageCharacters };
      const { rows, more } = await run(() => driver.range(range));
      const last = rows.at(-1);
      const documents = rows.map(documentOf);
      return more && last !== undefined ? { documents, cursor: cursorAfter(last.key) } : { documents };
    },

    async ping() {
      await run(() => driver.ping());
    },

    async close() {
      closing ??= driver.close();
      await closing;
    },
  };
}

/** Clients have timeouts of their own; this one holds whatever they wait for. */
async function withinDeadline<Result>(
  { name, deadlineMs }: Driver,
  call: () => Promise<Result>,
): Promise<Result> {
  if (deadlineMs === undefined) return await call();
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const detail = `The store ${name} has not answered within ${deadlineMs} ms. Check that it runs, is not overloaded and can be reached from here.`;
    reject(new StoreError('unavailable', detail, { retryable: true }));
  }, deadlineMs);
  try {
    return await Promise.race([call(), late]);
  } finally {
    clearTimeout(timer);
  }
}

function newRow(key: string, value: Json): Row {
  // Random, not counted: a key that is deleted and written anew must not show an earlier version again.
  return { key, version: randomUUID(), text: valueText(key, value) };
}

function documentOf({ key, version, text }: Row): StoredDocument {
  return { key, version, value: JSON.parse(text) as Json };
}
