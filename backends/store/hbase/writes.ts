/** Writing and deleting a document: always a change of the version that its row has, so that none is lost. */
import { StoreError } from '../errors.ts';
import type { Expectation } from '../port.ts';
import { documentRemoved, documentWritten, versionColumn, versionIn, versionIs } from './layout.ts';
import type { Mutation } from './messages.ts';
import type { Patience } from './patience.ts';
import type { Rows } from './rows.ts';
import { isMark, newMark, newVersion, parseVersion, type Version } from './versions.ts';

/** As the port's `put`, of JSON text. */
export async function putDocument(
  rows: Rows,
  row: Buffer,
  text: string,
  expected: Expectation,
  patience: Patience,
): Promise<string | undefined> {
  async function write(old: Version | undefined): Promise<string | undefined> {
    const next = newVersion(old, Date.now());
    const isDone = await change(rows, row, { old, next }, documentWritten(row, next, text), patience);
    return isDone ? next.text : undefined;
  }

  if (typeof expected === 'object') {
    const old = versionOfDocument(expected.version);
    return old && (await write(old));
  }
  for (;;) {
    const old = await currentVersion(rows, row, patience);
    if (expected === 'absent' && old !== undefined && !isMark(old)) return undefined;
    const written = await write(old);
    if (written !== undefined) return written;
  }
}

/** As the port's `delete`. */
export async function deleteDocument(
  rows: Rows,
  row: Buffer,
  expected: Expectation,
  patience: Patience,
): Promise<boolean> {
  async function remove(old: Version): Promise<boolean> {
    const next = newMark(old, Date.now());
    return await change(rows, row, { old, next }, documentRemoved(row, next), patience);
  }

  if (typeof expected === 'object') {
    const old = versionOfDocument(expected.version);
    return old !== undefined && (await remove(old));
  }
  for (;;) {
    const old = await currentVersion(rows, row, patience);
    if (old === undefined || isMark(old)) return true;
    if (expected === 'absent') return false;
    if (await remove(old)) return true;
  }
}

/** Changes the row while it has the version `old`; resolves to whether it had. */
async function change(
  rows: Rows,
  row: Buffer,
  { old, next }: { readonly old: Version | undefined; readonly next: Version },
  mutations: readonly Mutation[],
  patience: Patience,
): Promise<boolean> {
  const outcome = await rows.mutate(versionIs(row, old), mutations, patience);
  if (outcome !== 'unknown') return outcome === 'done';
  const current = await currentVersion(rows, row, patience);
  if (current?.text === next.text) return true;
  // Another write may have come after ours, or before: as long as that is open neither answer is true.
  throw new StoreError(
    'unavailable',
    `Whether ${JSON.stringify(row.toString())} was written before another wrote it is not known: the answer was lost. Read it and decide.`,
    { retryable: true },
  );
}

async function currentVersion(rows: Rows, row: Buffer, patience: Patience): Promise<Version | undefined> {
  return versionIn(await rows.get(row, versionColumn, patience));
}

/** Undefined for a text that no version of a document has. */
function versionOfDocument(text: string): Version | undefined {
  const version = parseVersion(text);
  return version === undefined || isMark(version) ? undefined : version;
}
