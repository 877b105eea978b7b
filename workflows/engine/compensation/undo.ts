/** Undoes what an execution did, task by task, whatever was cancelled. docs/adr/0004. */
import { CancellationScope, condition, log } from '@temporalio/workflow';
import { WorkflowFault } from '../../../dsl/errors.ts';
import type { Execution } from '../execution.ts';
import { summary } from '../names.ts';
import { Stop } from '../pacing.ts';
import { listFrame } from '../position.ts';
import { runList } from '../run-list.ts';
import {
  inUndoOrder,
  noteFailure,
  type CompensationEntry,
  type CompensationFrame,
  type UndoFrame,
} from './registry.ts';

// With pauses of 1, 2, 4 and 8 s.
const maxAttempts = 5;
const firstPauseMs = 1_000;

/**
 * Runs what undoes each entry, in the order of {@link inUndoOrder}; goes on where an earlier run stopped. One that fails
 * in all of its attempts is noted, and the next has its turn. Throws nothing but {@link Stop}.
 */
export async function undo(execution: Execution, frame: CompensationFrame): Promise<void> {
  await CancellationScope.nonCancellable(async () => {
    for (const entry of inUndoOrder(frame)) {
      const state = (entry.undo ??= { attempt: 1, state: 'running' });
      while (state.state === 'running') await attempt(execution, frame, entry, state);
    }
  });
}

async function attempt(
  execution: Execution,
  frame: CompensationFrame,
  entry: CompensationEntry,
  state: UndoFrame,
): Promise<void> {
  const { reference, path, name, input, done } = entry;
  if (state.retryAt !== undefined) {
    await pause(execution, state.retryAt, name);
    delete state.retryAt;
    delete state.list;
    state.attempt += 1;
  }
  const site = {
    reference: `${reference}/metadata/compensate`,
    path: `${path}/compensate`,
    locals: { ...entry.locals, input, output: done?.output ?? null },
    attempt: state.attempt,
  };
  try {
    state.list ??= listFrame(input);
    await runList(execution, frame.lists[entry.tasks] ?? [], site, state.list);
    state.state = 'completed';
    delete state.list;
    delete state.error;
  } catch (error) {
    if (!(error instanceof WorkflowFault)) throw error;
    noteFailure(frame, state, error.error);
    if (state.attempt < maxAttempts) state.retryAt = Date.now() + firstPauseMs * 2 ** (state.attempt - 1);
    else {
      state.state = 'failed';
      log.error('A task could not be undone', { reference, error: error.error });
    }
  }
}

async function pause(execution: Execution, until: number, name: string): Promise<void> {
  const remaining = until - Date.now();
  if (remaining <= 0) return;
  const options = { summary: summary(`undo ${name} again`) };
  if (await condition(() => execution.pacing.stopping, remaining, options)) throw new Stop();
}
