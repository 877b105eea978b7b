/**
 * Group commit for SQLite: writes that are asked for in the same turn of the event loop share a transaction. What a write
 * costs is the flush to disk at its end, and that is one for all of them. Each is still acknowledged only when it is on
 * disk, and they happen in the order in which they were asked for.
 */
import type { DatabaseSync } from 'node:sqlite';

export interface GroupCommit {
  /**
   * Runs a write with those beside it; resolves to what it gives, once all are committed. Fails with the error of
   * whichever failed, and then none of them has happened.
   */
  write<Result>(run: () => Result): Promise<Result>;
  /** Commits what waits, now. */
  flush(): void;
}

interface Waiting {
  readonly run: () => unknown;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

// A transaction keeps out the writers of other processes, and its run holds the event loop.
const maxWrites = 200;

/** Groups the writes on a database that the caller opened, and closes after a last `flush`. */
export function groupCommit(database: DatabaseSync): GroupCommit {
  let waiting: Waiting[] = [];
  let scheduled: NodeJS.Immediate | undefined;

  /** Commits a group; where that fails, `rest` fails with it: a later write must not be seen without an earlier one. */
  function commit(group: readonly Waiting[], rest: readonly Waiting[]): boolean {
    try {
      const results = group.length === 1 ? [group[0]?.run()] : inTransaction(group);
      group.forEach(({ resolve }, index) => resolve(results[index]));
      return true;
    } catch (error) {
      for (const { reject } of [...group, ...rest]) reject(error);
      return false;
    }
  }

  function inTransaction(group: readonly Waiting[]): readonly unknown[] {
    database.exec('BEGIN IMMEDIATE');
    try {
      const results = group.map(({ run }) => run());
      database.exec('COMMIT');
      return results;
    } catch (error) {
      // Some failures have ended the transaction by themselves.
      if (database.isTransaction) database.exec('ROLLBACK');
      throw error;
    }
  }

  function flush(): void {
    clearImmediate(scheduled);
    scheduled = undefined;
    const all = waiting;
    waiting = [];
    for (let from = 0; from < all.length; from += maxWrites) {
      const to = from + maxWrites;
      if (!commit(all.slice(from, to), all.slice(to))) return;
    }
  }

  return {
    write: <Result>(run: () => Result) =>
      new Promise<Result>((resolve, reject) => {
        waiting.push({ run, resolve: (result) => resolve(result as Result), reject });
        scheduled ??= setImmediate(flush);
      }),
    flush,
  };
}
