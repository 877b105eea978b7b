/**
 * Cassandra 4.1 or newer.
 *
 * Compare-and-set is what Cassandra calls lightweight transactions: every write is one, of one row, and `get` reads with
 * consistency SERIAL. So writes and reads of a key are linearizable, in all data centres. A scan reads with QUORUM: a
 * write is acknowledged once a quorum of replicas has it, so a scan that begins later sees it. (SERIAL would take part
 * in the transactions of every partition, and hold up the writers of the whole store.)
 *
 * Keys lie in 16 partitions by their hash, ordered by their bytes within each; a scan reads a share of its page from
 * every partition and merges. One partition would give order for free, but transactions of one partition exclude each
 * other and a partition should stay below some hundred megabytes; a partition a key would leave nothing to scan. A
 * partition a prefix would need a list of prefixes, kept in step with the keys without a transaction over both. With 16,
 * a scan of few documents costs 16 small reads side by side.
 */
import { createHash } from 'node:crypto';
import { types } from 'cassandra-driver';
import type { QueryOptions } from 'cassandra-driver';
import { allEnded } from './all-ended.ts';
import { cassandraConnection } from './cassandra-client.ts';
import type { CassandraConnection } from './cassandra-client.ts';
import { adviceFor, isOutcomeUnknown } from './cassandra-errors.ts';
import { prepareCassandraLayout } from './cassandra-layout.ts';
import { parseDatabaseUrl } from './database-url.ts';
import type { DatabaseUrl } from './database-url.ts';
import type { Driver, KeyRange, Row, Rows } from './driver.ts';
import { StoreError, unavailable } from './errors.ts';
import { inTurn } from './in-turn.ts';
import type { Store } from './port.ts';
import { storeOn } from './store-on.ts';

/** Where a key lies follows from this number: it never changes. */
const partitionCount = 16;

/** How often a write is sent that the server lost track of. */
const maxAttempts = 5;

const defaultKeyspace = 'perdure';

const { quorum, serial } = types.consistencies;
const transaction: QueryOptions = { prepare: true, consistency: quorum, serialConsistency: serial };
const serialRead: QueryOptions = { prepare: true, consistency: serial };
const quorumRead: QueryOptions = { prepare: true, consistency: quorum };

/**
 * Opens the store at `cassandra://user:password@host,host:port/keyspace`; `localDataCenter` is the data centre whose
 * nodes are asked where there are several. Fails with a {@link StoreError}.
 */
export async function openCassandraStore(url: string): Promise<Store> {
  const address = parseDatabaseUrl(url, ['localDataCenter']);
  const keyspace = address.database === '' ? defaultKeyspace : address.database;
  if (!/^[a-z][a-z0-9_]{0,47}$/.test(keyspace)) {
    throw new StoreError('invalid', `"${keyspace}" is no keyspace: expected small letters, digits and _`);
  }
  const explain = (cause: unknown): StoreError => unavailable(address.name, cause, adviceFor(cause));
  const connection = cassandraConnection(address);
  try {
    await connection.use((client) => prepareCassandraLayout(client, keyspace, address.name));
    return storeOn(createDriver(connection, `${keyspace}.documents`, address, explain));
  } catch (error) {
    await connection.close();
    throw error instanceof StoreError ? error : explain(error);
  }
}

function createDriver(
  connection: CassandraConnection,
  table: string,
  { name, connectTimeoutMs, timeoutMs }: DatabaseUrl,
  explain: Driver['explain'],
): Driver {
  const deadlineMs = connectTimeoutMs + 2 * timeoutMs;
  const oneRow = 'partition = ? AND key = ?';
  const statements = {
    get: `SELECT key, version, value FROM ${table} WHERE ${oneRow}`,
    // A row that is not there has the version null, and so another one than ''.
    insert: `UPDATE ${table} SET version = ?, bytes = ?, value = ? WHERE ${oneRow} IF version = null`,
    upsert: `UPDATE ${table} SET version = ?, bytes = ?, value = ? WHERE ${oneRow} IF version != ''`,
    update: `UPDATE ${table} SET version = ?, bytes = ?, value = ? WHERE ${oneRow} IF version = ?`,
    remove: `DELETE FROM ${table} WHERE ${oneRow} IF EXISTS`,
    removeVersion: `DELETE FROM ${table} WHERE ${oneRow} IF version = ?`,
    values: `SELECT key, version, value FROM ${table} WHERE partition = ? AND key IN ?`,
    ping: `SELECT version FROM ${table} WHERE partition = 0 LIMIT 1`,
  };

  function execute(
    statement: string,
    values: readonly unknown[],
    options: QueryOptions,
  ): Promise<types.ResultSet> {
    return connection.use((client) => client.execute(statement, [...values], options));
  }

  // Transactions of one partition hold each other up, reads among them, until the server gives one up.
  const inTurnOf = inTurn(deadlineMs);

  async function get(key: string): Promise<Row | undefined> {
    const [partition, bytes] = place(key);
    const { rows } = await inTurnOf(partition, () => execute(statements.get, [partition, bytes], serialRead));
    return rows[0] && rowOf(rows[0]);
  }

  async function apply(key: string, statement: string, values: readonly unknown[]): Promise<boolean> {
    const [partition] = place(key);
    return (await inTurnOf(partition, () => execute(statement, values, transaction))).wasApplied();
  }

  /**
   * Applies a write that may be repeated while the key has the version `before`, null where it is not there. Where the
   * server lost track of the write, a SERIAL read ends it either way, and its version tells which.
   */
  async function write(
    key: string,
    { before, after }: { readonly before: string | null; readonly after: string | null },
    statement: string,
    values: readonly unknown[],
  ): Promise<boolean> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await apply(key, statement, values);
      } catch (error) {
        if (!isOutcomeUnknown(error) || attempt === maxAttempts) throw error;
        const version = (await get(key))?.version ?? null;
        if (version === after) return true;
        if (version !== before) throw error;
      }
    }
  }

  function insert(row: Row): Promise<boolean> {
    return write(row.key, { before: null, after: row.version }, statements.insert, columns(row));
  }

  /** As many rows in one transaction as may be, for each partition. */
  async function insertAll(rows: readonly Row[]): Promise<ReadonlySet<string>> {
    const taken = new Set<string>();
    const partitions = Map.groupBy(rows, ({ key }) => place(key)[0]);
    const work = [...partitions].map(async ([partition, all]) => {
      for (const batch of batchesOf(all)) {
        const isInserted = batch.length > 1 && (await isBatchInserted(partition, batch));
        if (isInserted === true) continue;
        for (const row of batch) {
          if (isInserted === undefined && (await isThere(row))) continue;
          if (!(await insert(row))) taken.add(row.key);
        }
      }
    });
    await allEnded(work);
    return taken;
  }

  /** Inserts all rows, which are of this partition, or none; undefined where the server lost track of which. */
  async function isBatchInserted(partition: number, rows: readonly Row[]): Promise<boolean | undefined> {
    const queries = rows.map((row) => ({ query: statements.insert, params: [...columns(row)] }));
    try {
      const result = await inTurnOf(partition, () =>
        connection.use((client) => client.batch(queries, transaction)),
      );
      return result.wasApplied();
    } catch (error) {
      if (!isOutcomeUnknown(error)) throw error;
      return undefined;
    }
  }

  /** The read ends a transaction that the server lost track of, either way. */
  async function isThere({ key, version }: Row): Promise<boolean> {
    return (await get(key))?.version === version;
  }

  /** A write that is right whatever is there: once more does no harm. */
  async function writeAnyway(key: string, statement: string, values: readonly unknown[]): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await apply(key, statement, values);
        return;
      } catch (error) {
        if (!isOutcomeUnknown(error) || attempt === maxAttempts) throw error;
      }
    }
  }

  /** The keys of one partition with their sizes, at most `share`. */
  async function keysIn(
    partition: number,
    { from, to, reverse }: KeyRange,
    share: number,
  ): Promise<SizedKeys> {
    const end = to === undefined ? '' : 'AND key < ?';
    const order = reverse ? 'DESC' : 'ASC';
    const statement = `SELECT key, bytes FROM ${table} WHERE partition = ? AND key >= ? ${end} ORDER BY key ${order} LIMIT ?`;
    const values = [partition, Buffer.from(from), ...(to === undefined ? [] : [Buffer.from(to)]), share];
    const { rows } = await execute(statement, values, { ...quorumRead, fetchSize: share });
    const keys = rows.map((row) => ({ partition, key: row['key'] as Buffer, bytes: Number(row['bytes']) }));
    return { keys, last: rows.length < share ? undefined : keys.at(-1)?.key };
  }

  async function readPage(range: KeyRange): Promise<Rows & { readonly last?: Buffer }> {
    const { limit, maxSize, reverse } = range;
    const share = Math.min(limit, Math.ceil((2 * limit) / partitionCount) + 8) + 1;
    const found = await Promise.all(
      Array.from({ length: partitionCount }, (_, partition) => keysIn(partition, range, share)),
    );
    const compare = (left: Buffer, right: Buffer): number => Buffer.compare(left, right) * (reverse ? -1 : 1);
    // Behind the last key of a partition that has more, keys are missing.
    const border = found.flatMap(({ last }) => last ?? []).toSorted(compare)[0];
    const sorted = found
      .flatMap(({ keys }) => keys)
      .filter(({ key }) => border === undefined || compare(key, border) <= 0)
      .toSorted((left, right) => compare(left.key, right.key));
    let size = 0;
    const isWithin = (bytes: number): boolean => {
      const fits = size < maxSize || size === 0;
      size += bytes;
      return fits;
    };
    const taken = sorted.slice(0, limit).filter(({ bytes }) => isWithin(bytes));
    const rows = await readValues(taken);
    return {
      // A document that was deleted meanwhile is not there any more.
      rows: taken.flatMap(({ key }) => rows.get(key.toString()) ?? []),
      more: border !== undefined || taken.length < sorted.length,
      last: taken.at(-1)?.key,
    };
  }

  async function readValues(taken: readonly SizedKey[]): Promise<ReadonlyMap<string, Row>> {
    const byPartition = [...Map.groupBy(taken, ({ partition }) => partition)];
    const results = await Promise.all(
      byPartition.map(([partition, keys]) =>
        execute(statements.values, [partition, keys.map(({ key }) => key)], {
          ...quorumRead,
          fetchSize: keys.length + 1,
        }),
      ),
    );
    const rows = results.flatMap((result) => result.rows.map(rowOf));
    return new Map(rows.map((row) => [row.key, row]));
  }

  return {
    name,
    deadlineMs,
    get,
    insert,
    insertAll,
    upsert: (row) => writeAnyway(row.key, statements.upsert, columns(row)),
    update: (row, expected) =>
      write(row.key, { before: expected, after: row.version }, statements.update, [
        ...columns(row),
        expected,
      ]),
    remove: (key) => writeAnyway(key, statements.remove, place(key)),
    removeVersion: (key, expected) =>
      write(key, { before: expected, after: null }, statements.removeVersion, [...place(key), expected]),

    async range(range) {
      let rest = range;
      for (;;) {
        const { rows, more, last } = await readPage(rest);
        if (rows.length > 0 || !more || last === undefined) return { rows, more };
        // All of the page were deleted between the two reads: go on behind them.
        const key = last.toString();
        rest = rest.reverse ? { ...rest, to: key } : { ...rest, from: `${key}\u0000` };
      }
    },

    async ping() {
      await execute(statements.ping, [], quorumRead);
    },

    close: () => connection.close(),
    explain,
  };
}

interface SizedKey {
  readonly partition: number;
  readonly key: Buffer;
  readonly bytes: number;
}

interface SizedKeys {
  readonly keys: readonly SizedKey[];
  /** The last key, where the partition has more behind it. */
  readonly last?: Buffer;
}

/** Servers warn of larger ones. */
const maxBatchBytes = 5_000;
/** What a row takes beside its key and value. */
const rowBytes = 60;

function batchesOf(rows: readonly Row[]): readonly (readonly Row[])[] {
  const batches: Row[][] = [];
  let size = Infinity;
  for (const row of rows) {
    const bytes = Buffer.byteLength(row.key) + Buffer.byteLength(row.text) + rowBytes;
    if (size + bytes > maxBatchBytes) {
      batches.push([]);
      size = 0;
    }
    batches.at(-1)?.push(row);
    size += bytes;
  }
  return batches;
}

/** Where a key lies: its partition, and itself. */
function place(key: string): readonly [number, Buffer] {
  const bytes = Buffer.from(key);
  return [createHash('sha256').update(bytes).digest().readUInt16BE() % partitionCount, bytes];
}

function columns({ key, version, text }: Row): readonly unknown[] {
  const value = Buffer.from(text);
  return [version, value.length, value, ...place(key)];
}

function rowOf(row: types.Row): Row {
  const [key, value] = [row['key'] as Buffer, row['value'] as Buffer];
  return { key: key.toString(), version: String(row['version']), text: value.toString() };
}
