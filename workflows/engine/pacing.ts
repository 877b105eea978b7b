/**
 * The engine's pace. Pure tasks leave no trace on the server, so nothing but the engine itself keeps them from holding a
 * worker's thread: it yields after a fixed count of tasks, ends the run at a task boundary when its history has grown,
 * and spreads large commands over several workflow tasks. Nothing here looks at a clock: replays must agree.
 */
import { CancellationScope, CancelledFailure, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.ts';
import type { ExecutionLimits } from '../contract.ts';

/** Thrown at a task boundary when the run is to continue as new. The frames say where; nothing may catch it. */
export class Stop extends Error {
  override readonly name = 'Stop';
}

// A replay does a run's pure work again, all of it: whoever cancels or queries a long loop would wait for that.
const maxYields = 25;
// The server takes messages of up to 4 MiB; several commands share one.
const maxCommandBytes = 2_000_000;

// A timer would do, but servers fire timers up to a second late; an activity is back in milliseconds.
const { yieldTurn } = proxyActivities<Pick<Activities, 'yieldTurn'>>({
  summary: 'yield',
  startToCloseTimeout: '10 seconds',
});

export interface Pacing {
  /** True once the run has to end at the next task boundary of each branch. */
  readonly stopping: boolean;
  /**
   * Stands before each task. Throws {@link Stop} when the run is to end, and a cancellation where the branch was
   * cancelled; gives a promise when the engine has to yield first.
   */
  boundary(): Promise<void> | undefined;
  /** Waits until a command of this size fits beside the others of its workflow task. */
  admit(bytes: number): Promise<void>;
  /** Counts the steps of an expression as work, 1,000 as much as one task. */
  readonly spend: (steps: number) => void;
}

/** The pacing of one run. */
export function createPacing(limits: ExecutionLimits): Pacing {
  let stopping = false;
  let activation = -1;
  let tasks = 0;
  let bytes = 0;
  let yields = 0;

  /** A new workflow task has a longer history than the one before: everything counted starts again. */
  function refresh(): void {
    const { historyLength, continueAsNewSuggested } = workflowInfo();
    if (historyLength !== activation) {
      activation = historyLength;
      tasks = 0;
      bytes = 0;
    }
    if (continueAsNewSuggested || historyLength >= limits.historyEvents || yields >= maxYields)
      stopping = true;
  }

  return {
    get stopping() {
      return stopping;
    },
    boundary() {
      refresh();
      if (CancellationScope.current().consideredCancelled) throw new CancelledFailure('Cancelled');
      if (stopping) throw new Stop();
      tasks += 1;
      if (tasks < limits.tasksPerYield) return undefined;
      tasks = 0;
      yields += 1;
      return yieldTurn();
    },
    async admit(size) {
      refresh();
      while (bytes > 0 && bytes + size > maxCommandBytes) {
        await yieldTurn();
        refresh();
      }
      bytes += size;
    },
    spend: (steps) => {
      tasks += steps / 1_000;
    },
  };
}
