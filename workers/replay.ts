import { Worker } from '@temporalio/worker';
import type { History } from '@temporalio/worker';
import type { Connection } from '@temporalio/client';
import type { WorkflowBundle } from './bundle.ts';
import { firstDivergence } from './first-divergence.ts';
import type { Divergence } from './first-divergence.ts';
import { liveHistories, recordedHistories } from './histories.ts';
import type { NamedHistory } from './histories.ts';

/** How one history fared against the current workflow code. */
export interface ReplayOutcome {
  readonly name: string;
  readonly workflowType: string;
  /** Absent when it replays. */
  readonly failure?: { readonly reason: string; readonly divergence?: Divergence };
}

/** Replays every history recorded below a folder. Fails when the folder or a file in it cannot be read. */
export function replayDirectory(folder: string, bundle: WorkflowBundle): AsyncGenerator<ReplayOutcome> {
  return replayEach(recordedHistories(folder), bundle);
}

/** Replays the executions of a namespace that a visibility query finds; an empty query finds all. */
export function replayNamespace(
  connection: Connection,
  namespace: string,
  query: string,
  bundle: WorkflowBundle,
): AsyncGenerator<ReplayOutcome> {
  return replayEach(liveHistories(connection, namespace, query), bundle);
}

async function* replayEach(
  histories: AsyncIterable<NamedHistory>,
  bundle: WorkflowBundle,
): AsyncGenerator<ReplayOutcome> {
  for await (const { name, workflowId, history } of histories) {
    const started = history.events?.[0]?.workflowExecutionStartedEventAttributes;
    const workflowType = started?.workflowType?.name ?? 'unknown type';
    const reason = await whyItFails(history, workflowId, bundle);
    if (reason === undefined) {
      yield { name, workflowType };
      continue;
    }
    const replays = async (beginning: History): Promise<boolean> =>
      (await whyItFails(beginning, workflowId, bundle)) === undefined;
    yield {
      name,
      workflowType,
      failure: { reason, divergence: await firstDivergence(history, reason, replays) },
    };
  }
}

async function whyItFails(
  history: History,
  workflowId: string,
  bundle: WorkflowBundle,
): Promise<string | undefined> {
  const options = { workflowBundle: { code: bundle.code } };
  for await (const { error } of Worker.runReplayHistories(options, [{ workflowId, history }])) {
    if (error !== undefined) return coreMessage(error.message);
  }
  return undefined;
}

// The SDK puts the failure's structure, as its Rust core prints it, behind two sentences of its own.
function coreMessage(text: string): string {
  const quoted = /message: "((?:[^"\\]|\\.)*)"/.exec(text)?.[1];
  return quoted === undefined ? text : quoted.replaceAll(/\\(.)/g, '$1');
}

/** The lines that tell a person of one outcome. */
export function outcomeLines({ name, workflowType, failure }: ReplayOutcome): string {
  if (failure === undefined) return `ok      ${name} (${workflowType})`;
  const { reason, divergence } = failure;
  const where =
    divergence === undefined
      ? []
      : [`        first task that diverges: ${divergence.task ?? 'none yet'} (${divergence.event})`];
  return [`FAILED  ${name} (${workflowType})`, ...where, `        ${reason}`].join('\n');
}
