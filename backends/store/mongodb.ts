/**
 * MongoDB 5 or newer. What speaks its protocol without its atomic updates, FerretDB 1, has a lock (ferretdb-lock.ts).
 *
 * A document's `_id` is the key, compared byte by byte; its value is JSON text, so that no name of a member means
 * anything to the database. Every write is one command on one document and so atomic, acknowledged by a majority.
 *
 * On a replica set or a sharded cluster `get` has read concern `linearizable`. A scan cannot have it; it reads what a
 * majority has, at a time not before the last operation of this process: an old primary, which does not know yet that
 * it is none, has no such time and does not answer. So of two processes that write and then scan, one sees the other.
 */
import { MongoClient } from 'mongodb';
import type { ClientSession, Filter, Timestamp } from 'mongodb';
import type { Driver, Row } from './driver.ts';
import { newerLayout, StoreError, unavailable } from './errors.ts';
import { guardedByLock } from './ferretdb-lock.ts';
import { adviceFor, duplicatesIn, isDuplicate } from './mongodb-errors.ts';
import { parseMongoUrl } from './mongodb-url.ts';
import { pageRows } from './page-rows.ts';
import type { Store } from './port.ts';
import { storeOn } from './store-on.ts';

export interface MongoRow {
  readonly _id: string;
  readonly version: string;
  readonly value: string;
}

/**
 * Runs a write of one document, atomically, where it has the expected version, or whatever it has. The filter finds
 * the document. Resolves to what the write did; false where the version is another one.
 */
export type Guard = (
  key: string,
  expected: string | undefined,
  write: (filter: Filter<MongoRow>) => Promise<boolean>,
) => Promise<boolean>;

/** Grows with every change of the layout. */
const layoutVersion = 1;

/** A linearizable read waits for a majority, for ever where there is none. */
const linearizableMs = 8_000;

/** Every write waits for it; a server that stands alone is one. */
const majority = { writeConcern: { w: 'majority', journal: true } } as const;

/** Opens the store at `mongodb://` or `mongodb+srv://`. Fails with a {@link StoreError}. */
export async function openMongoStore(url: string): Promise<Store> {
  const { name, database, connection, deadlineMs } = parseMongoUrl(url);
  const explain = (cause: unknown): StoreError => unavailable(name, cause, adviceFor(cause));
  let client: MongoClient | undefined;
  try {
    client = new MongoClient(connection);
    await prepareLayout(client, database, name);
    return storeOn({ name, deadlineMs, explain, ...(await connected(client, database)) });
  } catch (error) {
    await client?.close();
    throw error instanceof StoreError ? error : explain(error);
  }
}

async function connected(
  client: MongoClient,
  databaseName: string,
): Promise<Omit<Driver, 'name' | 'deadlineMs' | 'explain'>> {
  const database = client.db(databaseName);
  const documents = database.collection<MongoRow>('perdure_documents', majority);
  const { isReplicated, hasAtomicUpdates } = await kindOf(client, databaseName);
  const guard: Guard = hasAtomicUpdates
    ? (key, expected, write) => write(expected === undefined ? { _id: key } : { _id: key, version: expected })
    : guardedByLock(documents, database.collection('perdure_locks', majority));
  const inOrder = isReplicated ? causally(client) : withoutSession;

  return {
    async get(key) {
      const readConcern = { level: 'linearizable' } as const;
      const options = isReplicated ? { readConcern, maxTimeMS: linearizableMs } : {};
      const found = await documents.findOne({ _id: key }, options);
      return found === null ? undefined : rowOf(found);
    },

    insert: ({ key, version, text }) =>
      inOrder((session) =>
        unlessDuplicate(async () => {
          await documents.insertOne({ _id: key, version, value: text }, { session });
        }),
      ),

    insertAll: (rows) =>
      inOrder(async (session) => {
        const inserted = rows.map(({ key, version, text }) => ({ _id: key, version, value: text }));
        try {
          await documents.insertMany(inserted, { ordered: false, session });
          return new Set();
        } catch (error) {
          return new Set(duplicatesIn(error).map((index) => rows[index]?.key ?? ''));
        }
      }),

    async upsert({ key, version, text }) {
      const changes = { $set: { version, value: text } };
      const write = (session?: ClientSession): Promise<boolean> =>
        guard(key, undefined, (filter) =>
          unlessDuplicate(async () => {
            await documents.updateOne(filter, changes, { upsert: true, session });
          }),
        );
      // Of two that find nothing and insert, one fails; then there is something to update.
      while (!(await inOrder(write)));
    },

    update: ({ key, version, text }, expected) =>
      inOrder((session) =>
        guard(key, expected, async (filter) => {
          const changes = { $set: { version, value: text } };
          const { matchedCount } = await documents.updateOne(filter, changes, { session });
          return matchedCount === 1;
        }),
      ),

    async remove(key) {
      await inOrder((session) => guard(key, undefined, (filter) => isDeleted(filter, session)));
    },

    removeVersion: (key, expected) =>
      inOrder((session) => guard(key, expected, (filter) => isDeleted(filter, session))),

    range: ({ from, to, reverse, limit, maxSize }) =>
      inOrder(async (session) => {
        const filter = { _id: to === undefined ? { $gte: from } : { $gte: from, $lt: to } };
        const options = { session, ...(isReplicated ? { readConcern: { level: 'majority' } as const } : {}) };
        const found = documents
          .find(filter, options)
          .sort({ _id: reverse ? -1 : 1 })
          .limit(limit + 1)
          .batchSize(limit + 1);
        const page = pageRows(limit, maxSize);
        for await (const one of found) if (!page.take(() => rowOf(one))) break;
        return page.rows();
      }),

    async ping() {
      await documents.findOne({}, { projection: { _id: 1 } });
    },

    close: () => client.close(),
  };

  async function isDeleted(filter: Filter<MongoRow>, session?: ClientSession): Promise<boolean> {
    const { deletedCount } = await documents.deleteOne(filter, { session });
    return deletedCount === 1;
  }
}

/** Makes a store of a database that is none yet. Safe to do by several at once. */
async function prepareLayout(client: MongoClient, database: string, name: string): Promise<void> {
  const layouts = client
    .db(database)
    .collection<{ _id: string; version: number }>('perdure_layout', majority);
  const layout = await layouts.findOne({ _id: 'store' });
  if (layout === null)
    await unlessDuplicate(() => layouts.insertOne({ _id: 'store', version: layoutVersion }));
  else if (layout.version > layoutVersion) throw newerLayout(name, `layout ${layout.version}`);
}

async function kindOf(
  client: MongoClient,
  database: string,
): Promise<{ readonly isReplicated: boolean; readonly hasAtomicUpdates: boolean }> {
  const hello = await client.db(database).command({ hello: 1 });
  const build = await client.db(database).command({ buildInfo: 1 });
  return {
    isReplicated: hello['setName'] !== undefined || hello['msg'] === 'isdbgrid',
    hasAtomicUpdates: build['ferretdbVersion'] === undefined,
  };
}

type InOrder = <Result>(operation: (session?: ClientSession) => Promise<Result>) => Promise<Result>;

const withoutSession: InOrder = (operation) => operation();

/** Each operation in a session of its own, since they run side by side, at a time not before those that have ended. */
function causally(client: MongoClient): InOrder {
  let latest: Timestamp | undefined;
  return async (operation) => {
    const session = client.startSession({ causalConsistency: true });
    if (latest !== undefined) session.advanceOperationTime(latest);
    try {
      return await operation(session);
    } finally {
      const { operationTime } = session;
      if (operationTime !== undefined && (latest === undefined || operationTime.greaterThan(latest))) {
        latest = operationTime;
      }
      await session.endSession();
    }
  };
}

/** Runs an insert; resolves to whether its key was free. */
async function unlessDuplicate(insert: () => Promise<unknown>): Promise<boolean> {
  try {
    await insert();
    return true;
  } catch (error) {
    if (isDuplicate(error)) return false;
    throw error;
  }
}

function rowOf({ _id, version, value }: MongoRow): Row {
  return { key: _id, version, text: value };
}
