import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { runCommand } from './run-command.ts';

const recordSchema = z.object({ pid: z.number().int(), address: z.string(), uiUrl: z.string() });

/** What a data folder remembers of its dev server while that runs. */
export type DevServerRecord = z.infer<typeof recordSchema>;

/** The file that holds the dev server's executions. */
export function databaseFile(data: string): string {
  return join(data, 'temporal.db');
}

function recordFile(data: string): string {
  return join(data, 'temporal.json');
}

/** The dev server that runs, or was killed while it ran, on this data folder; undefined when there is none. */
export async function readRecord(data: string): Promise<DevServerRecord | undefined> {
  try {
    const parsed = recordSchema.safeParse(JSON.parse(await readFile(recordFile(data), 'utf8')));
    return parsed.data;
  } catch {
    return undefined;
  }
}

/** Remembers a dev server, for processes that join it and for the start after a kill. */
export async function writeRecord(data: string, record: DevServerRecord): Promise<void> {
  const draft = `${recordFile(data)}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(record)}\n`);
  await rename(draft, recordFile(data));
}

/** Forgets the dev server of this data folder. */
export async function removeRecord(data: string): Promise<void> {
  await rm(recordFile(data), { force: true });
}

/**
 * True when the recorded process lives and is the dev server of this data folder, not a stranger that was given the
 * same process id since.
 */
export async function isRunning(data: string, { pid }: DevServerRecord): Promise<boolean> {
  const { code, output } = await runCommand('ps', ['-o', 'args=', '-p', String(pid)]);
  if (code === undefined) return await isOurProcess(data, pid);
  return code === 0 && output.includes(databaseFile(data));
}

// Slim images have no `ps`.
async function isOurProcess(data: string, pid: number): Promise<boolean> {
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return commandLine.includes(databaseFile(data));
}
