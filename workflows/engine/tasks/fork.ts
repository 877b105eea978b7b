import { CancellationScope, CancelledFailure, isCancellation } from '@temporalio/workflow';
import { WorkflowFault } from '../../../dsl/errors.ts';
import { pointerToken } from '../../../dsl/json.ts';
import { namedTask } from '../../../dsl/types.ts';
import { leave } from '../leave.ts';
import { Stop } from '../pacing.ts';
import type { BranchFrame } from '../position.ts';
import type { Outcome, Run, Runner, Site } from '../runner.ts';

// Temporal keeps a cancellation scope as long as the run: an endless loop around a fork has to end its run sooner.
const scopeSteps = 25_000;

/**
 * Runs its branches at once, each on the task's input. Without `compete` the output is the list of their outputs, and
 * the first fault cancels the other branches. With it the first branch to complete wins and the others are cancelled;
 * it faults only when every branch did. A branch that says `end` ends the workflow. Open Workflow DSL, "Fork".
 */
export const runFork: Runner<'fork'> = async (task, input, run) => {
  const { branches, compete = false } = task.fork;
  const frames = (run.frame.branches ??= branches.map((): BranchFrame => ({})));
  const scopes = branches.map(() => new CancellationScope());
  run.execution.pacing.spend(branches.length * scopeSteps);
  let winner: Outcome | undefined;
  let fault: unknown;
  const stopped: number[] = [];

  const finish = (except: number): void =>
    scopes.forEach((scope, index) => index !== except && scope.cancel());

  await Promise.all(
    frames.map(async (frame, index) => {
      if (frame.done) return;
      if (frame.fault !== undefined) {
        fault ??= new WorkflowFault(frame.fault);
        return;
      }
      try {
        const outcome = await scopes[index]?.run(async () => run.runTask(siteOf(run, index), input, frame));
        if (outcome === undefined) return;
        frame.output = outcome.output;
        frame.done = true;
        if (!compete && outcome.then !== 'end') return;
        winner ??= outcome;
        finish(index);
      } catch (error) {
        if (error instanceof Stop) stopped.push(index);
        else {
          // Branches that this fork cancelled end in a cancellation after the fault or the winner that caused it.
          fault ??= error;
          // A later run must not let it start again.
          if (compete && error instanceof WorkflowFault) {
            frame.fault = error.error;
            delete frame.task;
          }
          if (!compete || isCancellation(error)) finish(index);
        }
      }
    }),
  );

  // Neither a fault of before nor a stop may hide that somebody cancelled the fork itself.
  const isCancelled = (): boolean => CancellationScope.current().consideredCancelled;
  const isOver = winner !== undefined || isCancelled() || (fault !== undefined && !compete);
  if (isOver && stopped.length > 0) {
    // They stopped for a run that will not come.
    await Promise.all(
      stopped.map((index) =>
        leave(() => run.runTask(siteOf(run, index), input, frames[index] ?? {}), scopes[index]),
      ),
    );
  }
  if (winner !== undefined) return compete && winner.then !== 'end' ? { output: winner.output } : winner;
  if (isCancelled()) throw new CancelledFailure('Cancelled');
  if (fault !== undefined && (!compete || stopped.length === 0)) throw fault;
  if (stopped.length > 0) throw new Stop();
  return { output: frames.map((frame) => frame.output ?? null) };
};

function siteOf(run: Run<'fork'>, index: number): Site {
  const item = run.task.fork.branches[index];
  if (item === undefined) throw new RangeError(`No branch ${index}`);
  const { name, task } = namedTask(item);
  const step = `/fork/branches/${index}/${pointerToken(name)}`;
  const { locals, attempt } = run;
  return { task, name, reference: run.reference + step, path: run.path + step, locals, attempt };
}
