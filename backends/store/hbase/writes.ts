/** Writing and deleting documents: each is a change of the version that the row has, so that none is lost. */
import type { Driver } from '../driver.ts';
import { StoreError } from '../errors.ts';
import { documentRemoved, documentWritten, isMark, nextMark, nextVersion } from './layout.ts';
import { type Version, versionColumn, versionIn, versionIs } from './layout.ts';
import type { Mutation } from './messages.ts';
import type { Patience } from './patience.ts';
import type { Rows } from './rows.ts';

type Writes = Pick<Driver, 'insert' | 'upsert' | 'update' | 'remove' | 'removeVersion'>;

/** What a row has, and what comes in its place. */
interface Change {
  readonly row: Buffer;
  readonly old: Version | undefined;
  readonly next: Version;
  readonly mutations: readonly Mutation[];
}

/** The writing calls of a driver; `patience` gives each the time that it has. */
export function writesOn(rows: Rows, patience: () => Patience): Writes {
  return {
    async insert({ key, version, text }) {
      return await repeat(patience(), Buffer.from(key), (old) =>
        isDocument(old) ? undefined : written(Buffer.from(key), old, version, text),
      );
    },

    async upsert({ key, version, text }) {
      await repeat(patience(), Buffer.from(key), (old) => written(Buffer.from(key), old, version, text));
    },

    async update({ key, version, text }, expected) {
      const [time, row] = [patience(), Buffer.from(key)];
      const old = await current(row, time);
      if (!isDocument(old) || old.text !== expected) return false;
      return await make(written(row, old, version, text), time);
    },

    async remove(key) {
      await repeat(patience(), Buffer.from(key), (old) =>
        isDocument(old) ? removed(Buffer.from(key), old) : undefined,
      );
    },

    async removeVersion(key, expected) {
      const [time, row] = [patience(), Buffer.from(key)];
      const old = await current(row, time);
      if (!isDocument(old) || old.text !== expected) return false;
      return await make(removed(row, old), time);
    },
  };

  /** Makes the change of what the row has, as often as others come first; false where there is none to make. */
  async function repeat(
    time: Patience,
    row: Buffer,
    changeOf: (old: Version | undefined) => Change | undefined,
  ): Promise<boolean> {
    for (;;) {
      const change = changeOf(await current(row, time));
      if (change === undefined) return false;
      if (await make(change, time)) return true;
    }
  }

  /** Resolves to whether the row still had the version that was to be replaced. */
  async function make({ row, old, next, mutations }: Change, time: Patience): Promise<boolean> {
    const outcome = await rows.mutate(versionIs(row, old), mutations, time);
    if (outcome !== 'unknown') return outcome === 'done';
    if ((await current(row, time))?.text === next.text) return true;
    // Another write came before ours or after it: as long as that is open, neither answer is true.
    throw new StoreError(
      'unavailable',
      `Whether ${JSON.stringify(row.toString())} was written before somebody else wrote it is not known: the answer was lost. Read it and decide.`,
      { retryable: true },
    );
  }

  async function current(row: Buffer, time: Patience): Promise<Version | undefined> {
    return versionIn(await rows.get(row, versionColumn, time));
  }
}

function isDocument(version: Version | undefined): version is Version {
  return version !== undefined && !isMark(version);
}

function written(row: Buffer, old: Version | undefined, version: string, text: string): Change {
  const next = nextVersion(version, old);
  return { row, old, next, mutations: documentWritten(row, next, text) };
}

function removed(row: Buffer, old: Version): Change {
  const next = nextMark(old);
  return { row, old, next, mutations: documentRemoved(row, next) };
}
