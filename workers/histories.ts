import { readdir, readFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { Client } from '@temporalio/client';
import type { Connection } from '@temporalio/client';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import type { History } from '@temporalio/worker';
import { reasonOf, StartError, UsageError } from '../temporal/start-error.ts';

/** One execution's history, recorded or live. */
export interface NamedHistory {
  /** The file, or the run's id. */
  readonly name: string;
  readonly workflowId: string;
  readonly history: History;
}

/**
 * Reads every `.json` file below `folder`: histories as `temporal workflow show --output json` and the API's
 * `GET …/history` give them. Fails with a {@link StartError} that names the folder or file that
 * cannot be read.
 */
export async function* recordedHistories(folder: string): AsyncGenerator<NamedHistory> {
  for (const file of await historyFiles(folder)) {
    const path = join(folder, file);
    const history = await readHistory(path);
    const started = history.events?.[0]?.workflowExecutionStartedEventAttributes;
    yield { name: relative('', path), workflowId: started?.workflowId ?? basename(file, '.json'), history };
  }
}

/** Fetches the histories of the executions that the visibility query finds; an empty query finds all. */
export async function* liveHistories(
  connection: Connection,
  namespace: string,
  query: string,
): AsyncGenerator<NamedHistory> {
  const client = new Client({ connection, namespace });
  for await (const { workflowId, runId } of client.workflow.list({ query })) {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    yield { name: `${workflowId} ${runId}`, workflowId, history };
  }
}

async function historyFiles(folder: string): Promise<readonly string[]> {
  try {
    const files = await readdir(folder, { recursive: true });
    return files.filter((file) => file.endsWith('.json')).sort();
  } catch (error) {
    throw new UsageError(`The folder of histories ${folder} cannot be read: ${reasonOf(error)}`);
  }
}

async function readHistory(path: string): Promise<History> {
  try {
    return historyFromJSON(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    throw new StartError(`${path} holds no workflow history: ${reasonOf(error)}`);
  }
}
