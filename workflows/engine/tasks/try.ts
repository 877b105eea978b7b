import { isTruthy } from '../../../dsl/evaluate.ts';
import { canonicalErrorType, standardFault, WorkflowFault, type WorkflowError } from '../../../dsl/errors.ts';
import type { Json, JsonObject } from '../../../dsl/json.ts';
import type { Catch, RetryPolicy } from '../../../dsl/types.ts';
import { beforeDeadline } from '../deadline.ts';
import { listFrame } from '../position.ts';
import { reusable } from '../reusable.ts';
import { attemptLimit, nextDelay } from '../retry-policy.ts';
import type { Outcome, Run, Runner } from '../runner.ts';

/**
 * Runs its tasks, retries them as the policy says while the error is one that it catches, and then runs `catch.do` on
 * the task's input. A caught error without anything to do ends here, unless a retry policy gave up on it: that error
 * goes on. Retries are the engine's own durable timers. Open Workflow DSL, "Try" and "Retry".
 */
export const runTry: Runner<'try'> = async (task, input, run) => {
  const { frame } = run;
  const policy = retryPolicy(task.catch, run);
  frame.startedAt ??= Date.now();
  frame.attempt ??= 1;
  while (frame.caught === undefined) {
    if (frame.retryAt !== undefined) {
      await run.sleepUntil(frame.retryAt);
      delete frame.retryAt;
      delete frame.list;
      delete frame.attemptStartedAt;
      frame.attempt += 1;
      run.execution.lifecycle?.task('task.retried', run.record);
    }
    try {
      return await attempt(input, run, policy);
    } catch (error) {
      if (!(error instanceof WorkflowFault) || !catches(task.catch, error.error, input, run)) throw error;
      const delay = policy === undefined ? undefined : nextDelay(policy, error.error, input, run);
      if (delay !== undefined) frame.retryAt = Date.now() + delay;
      else if (policy !== undefined && task.catch.do === undefined && task.catch.then === undefined)
        throw error;
      else {
        frame.caught = { error: error.error, list: listFrame(input) };
        delete frame.list;
      }
    }
  }
  return handle(task.catch, frame.caught.error, run);
};

/** One attempt: the same list from its start, under the policy's limit for one attempt. */
function attempt(input: Json, run: Run<'try'>, policy: RetryPolicy | undefined): Promise<Outcome> {
  const { frame, reference } = run;
  const list = (frame.list ??= listFrame(input));
  const number = frame.attempt ?? 1;
  const site = { ...run, attempt: number, reference: `${reference}/try`, path: `${run.path}/try` };
  const work = async (): Promise<Outcome> => passThrough(await run.runList(run.task.try, site, list));
  const limit = policy === undefined ? undefined : attemptLimit(policy, input, run);
  if (limit === undefined) return work();
  frame.attemptStartedAt ??= Date.now();
  const fault = (): Error =>
    standardFault('timeout', reference, `Attempt ${number} of ${run.name} took longer than ${limit} ms`);
  return beforeDeadline(run.execution.pacing, frame.attemptStartedAt + limit, work, fault);
}

/** Runs `catch.do` with the error as a variable, then goes where `catch.then` says. */
async function handle(caught: Catch, error: WorkflowError, run: Run<'try'>): Promise<Outcome> {
  const list = run.frame.caught?.list ?? listFrame(null);
  const locals: JsonObject = { ...run.locals, [caught.as ?? 'error']: { ...error } };
  const site = { ...run, locals, reference: `${run.reference}/catch/do`, path: `${run.path}/catch/do` };
  const outcome = await run.runList(caught.do ?? [], site, list);
  if (outcome.then === 'end') return outcome;
  return caught.then === undefined
    ? { output: outcome.output }
    : { output: outcome.output, then: caught.then };
}

/** A list that ran through leaves the direction to the task's own `then`. */
function passThrough(outcome: Outcome): Outcome {
  return outcome.then === 'end' ? outcome : { output: outcome.output };
}

function retryPolicy({ retry }: Catch, run: Run<'try'>): RetryPolicy | undefined {
  if (retry === undefined) return undefined;
  return reusable(retry, run.execution.start.definition.use?.retries, 'retry policy', run.reference);
}

/** Whether the clause catches the error: every property of the filter equal, `when` true and `exceptWhen` not. */
function catches(caught: Catch, error: WorkflowError, input: Json, run: Run<'try'>): boolean {
  const filter = caught.errors?.with ?? {};
  const wanted = filter.type === undefined ? filter : { ...filter, type: canonicalErrorType(filter.type) };
  const actual: JsonObject = { ...error, type: canonicalErrorType(error.type) };
  if (Object.entries(wanted).some(([property, value]) => actual[property] !== value)) return false;
  const variables = { [caught.as ?? 'error']: { ...error } };
  if (caught.when !== undefined && !isTruthy(run.evaluate(caught.when, input, variables))) return false;
  return caught.exceptWhen === undefined || !isTruthy(run.evaluate(caught.exceptWhen, input, variables));
}
