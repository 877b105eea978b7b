import { constants } from 'node:fs';
import { access, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { reasonOf, StartError } from './start-error.ts';

const holderSchema = z.object({ pid: z.number(), url: z.string().optional() });
type Holder = z.infer<typeof holderSchema>;

/** The one Perdure that may use a data folder. */
export interface DataFolderLock {
  /** Tells whoever comes next where the API is. */
  announce(url: string): Promise<void>;
  /** Lets go; the end of the process, whatever way, does the same. */
  release(): Promise<void>;
}

/** Makes the folder of local state where it is missing. Fails with a {@link StartError} when it cannot be used. */
export async function openDataFolder(data: string): Promise<void> {
  try {
    // Executions may be confidential: only this user reads them.
    await mkdir(data, { recursive: true, mode: 0o700 });
    await access(data, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const exists = typeof error === 'object' && error !== null && 'code' in error && error.code === 'EEXIST';
    throw new StartError(
      exists
        ? `The data folder ${data} cannot be used: it is a file.\nMove the file away, or set PERDURE_DATA to a folder.`
        : `The data folder ${data} cannot be used: ${reasonOf(error)}\n` +
            'Give this user the right to write there, or set PERDURE_DATA to another folder.',
      { cause: error },
    );
  }
}

/**
 * Takes the data folder for this process. The lock is the operating system's, by way
 * of SQLite: it ends with the process, so that nothing stale is ever left, and process ids that containers reuse do
 * not matter. Fails with a {@link StartError} when another process holds it.
 */
export async function lockDataFolder(data: string): Promise<DataFolderLock> {
  const holderFile = join(data, 'perdure.json');
  const database = new DatabaseSync(join(data, 'perdure.lock'));
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (!reasonOf(error).includes('locked')) {
      throw new StartError(
        `The lock ${join(data, 'perdure.lock')} cannot be taken: ${reasonOf(error)}\nRemove the file and try again.`,
        { cause: error },
      );
    }
    throw new StartError(alreadyRuns(data, await readHolder(holderFile)));
  }
  const tell = async (holder: Holder): Promise<void> =>
    await writeFile(holderFile, `${JSON.stringify(holder)}\n`);
  await tell({ pid: process.pid });
  return {
    announce: async (url) => await tell({ pid: process.pid, url }),
    release: async () => {
      await rm(holderFile, { force: true });
      database.close();
    },
  };
}

async function readHolder(file: string): Promise<Holder | undefined> {
  try {
    return holderSchema.safeParse(JSON.parse(await readFile(file, 'utf8'))).data;
  } catch {
    return undefined;
  }
}

function alreadyRuns(data: string, holder: Holder | undefined): string {
  const who =
    holder === undefined ? '' : ` (${[`pid ${holder.pid}`, holder.url].filter(Boolean).join(', ')})`;
  return (
    `Perdure already runs on the data folder ${data}${who}. ` +
    'Stop it, or set PERDURE_DATA, PORT, PERDURE_TEMPORAL_PORT and PERDURE_TEMPORAL_UI_PORT to run a second one.'
  );
}
