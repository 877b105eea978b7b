/**
 * The engine's pace. Pure tasks leave no trace on the server, so nothing but the engine itself keeps them from holding a
 * worker's thread: it yields after a fixed count of tasks, ends the run at a task boundary when its history has grown or
 * somebody asks for it, holds it there while it is suspended, and spreads large commands over several workflow tasks.
 * Nothing here looks at a clock: replays must agree.
 */
import {
  CancellationScope,
  CancelledFailure,
  condition,
  isCancellation,
  proxyActivities,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../../activities/index.ts';
import type { ExecutionLimits } from '../contract.ts';
import type { Suspension } from './suspension.ts';

/** Thrown at a task boundary when the run is to continue as new. The frames say where; nothing may catch it. */
export class Stop extends Error {
  override readonly name = 'Stop';
}

// A replay does a run's pure work again, all of it: whoever cancels or queries a long loop would wait for that.
const maxYields = 25;
// Between calls pure work needs no yield; all of it together is bounded in the same way.
const maxTasksPerYieldRuns = 25;
// The server takes messages of up to 4 MiB; several commands share one.
const maxCommandBytes = 2_000_000;
// It refuses the 2,000th update of a run.
const maxUpdates = 1_000;

// A timer would do, but servers fire timers up to a second late; an activity is back in milliseconds.
const { yieldTurn } = proxyActivities<Pick<Activities, 'yieldTurn'>>({
  summary: 'yield',
  startToCloseTimeout: '10 seconds',
});

export interface Pacing {
  /** True once the run has to end at the next task boundary of each branch. */
  readonly stopping: boolean;
  /** Asks the run to end there. */
  stop(): void;
  /** Lets the run go on to the execution's end, however long it becomes: no other one can go on from it. */
  isLast(): void;
  /** Counts an update that the run has taken. */
  countUpdate(): void;
  /**
   * Stands before each task. Throws {@link Stop} when the run is to end, and a cancellation where the branch was
   * cancelled; gives a promise when the engine has to yield first, or the execution is suspended. Before a task that is
   * `entered` again it does nothing but count: what is open inside of it has to be reached, to go on or to be closed.
   */
  boundary(entered?: boolean): Promise<void> | undefined;
  /** A promise while the execution is suspended; it throws as {@link boundary} does. */
  held(): Promise<void> | undefined;
  readonly suspension: Suspension;
  /** Waits until a command of this size fits beside the others of its workflow task. */
  admit(bytes: number): Promise<void>;
  /** Counts the steps of an expression as work, 1,000 as much as one task. */
  readonly spend: (steps: number) => void;
}

/** The pacing of one run. */
export function createPacing(limits: ExecutionLimits, suspension: Suspension): Pacing {
  let stopping = false;
  let isLast = false;
  let activation = -1;
  let tasks = 0;
  let allTasks = 0;
  let bytes = 0;
  let yields = 0;
  let updates = 0;

  /** A new workflow task has a longer history than the one before: everything counted starts again. */
  function refresh(): void {
    const { historyLength, continueAsNewSuggested } = workflowInfo();
    if (historyLength !== activation) {
      activation = historyLength;
      tasks = 0;
      bytes = 0;
    }
    if (
      continueAsNewSuggested ||
      historyLength >= limits.historyEvents ||
      yields >= maxYields ||
      allTasks >= limits.tasksPerYield * maxTasksPerYieldRuns ||
      updates >= maxUpdates
    )
      stopping = true;
  }

  function checkStop(): void {
    refresh();
    if (CancellationScope.current().consideredCancelled) throw new CancelledFailure('Cancelled');
    if (stopping && !isLast) throw new Stop();
  }

  async function hold(): Promise<void> {
    while (suspension.isOn) {
      await condition(() => !suspension.isOn || pacing.stopping);
      checkStop();
    }
  }

  const pacing: Pacing = {
    // Asked by what waits, which alone may go on for long while signals and updates come in.
    get stopping() {
      refresh();
      return stopping && !isLast;
    },
    stop() {
      stopping = true;
    },
    isLast() {
      isLast = true;
    },
    countUpdate() {
      updates += 1;
    },
    boundary(entered = false) {
      if (entered) refresh();
      else checkStop();
      if (suspension.isOn && !entered) return hold().then(() => pacing.boundary());
      tasks += 1;
      allTasks += 1;
      if (tasks < limits.tasksPerYield) return undefined;
      tasks = 0;
      yields += 1;
      return entered ? orCancelled(yieldTurn()) : yieldTurn();
    },
    held: () => (suspension.isOn ? hold() : undefined),
    suspension,
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
  return pacing;
}

/** Resolves also where a cancellation ends the wait. */
async function orCancelled(pending: Promise<void>): Promise<void> {
  try {
    await pending;
  } catch (error) {
    if (!isCancellation(error)) throw error;
  }
}
