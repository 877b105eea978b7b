/**
 * FerretDB 1 finds a document, compares it itself, and then writes what it made of it: of two updates at once both
 * succeed. An insert is atomic there. So a write that depends on what is there, or removes it, holds a lock: a document
 * that only one can insert. Readers and inserts need none.
 *
 * A holder that dies leaves its lock behind; after `lockMs` another one takes it. A holder that hangs for longer between
 * two commands may then write over what the other wrote: this is for development and tests, MongoDB itself needs none.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Collection } from 'mongodb';
import { isDuplicate } from './mongodb-errors.ts';
import type { Guard, MongoRow } from './mongodb.ts';

export interface LockDocument {
  readonly _id: string;
  readonly holder: string;
  /** Milliseconds since the epoch. */
  readonly until: number;
}

const lockMs = 30_000;

/** A guard that runs one write a key at a time, in all processes. */
export function guardedByLock(documents: Collection<MongoRow>, locks: Collection<LockDocument>): Guard {
  async function isFree(key: string, holder: string): Promise<boolean> {
    const now = Date.now();
    try {
      await locks.insertOne({ _id: key, holder, until: now + lockMs });
      return true;
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      const lock = await locks.findOne({ _id: key });
      if (lock !== null && lock.until < now) await locks.deleteOne({ _id: key, holder: lock.holder });
      return false;
    }
  }

  return async (key, expected, write) => {
    const holder = randomUUID();
    for (let attempt = 0; !(await isFree(key, holder)); attempt++) {
      await sleep(Math.random() * 5 * 2 ** Math.min(attempt, 4));
    }
    try {
      if (expected !== undefined && (await documents.findOne({ _id: key }))?.version !== expected)
        return false;
      // By the key alone: FerretDB looks through the whole collection for more.
      return await write({ _id: key });
    } finally {
      await locks.deleteOne({ _id: key, holder });
    }
  };
}
