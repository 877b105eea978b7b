/** When a failed attempt is tried again. Open Workflow DSL, "Retry". */
import { isTruthy } from '../../dsl/evaluate.ts';
import type { WorkflowError } from '../../dsl/errors.ts';
import type { Json, JsonObject } from '../../dsl/json.ts';
import type { Duration, RetryPolicy } from '../../dsl/types.ts';
import { duration, scopeOf } from './expressions.ts';
import type { Run } from './runner.ts';

// A delay that doubles leaves every useful range soon; a day is the longest pause between two attempts.
const maxDelayMs = 24 * 60 * 60 * 1_000;

/**
 * The pause before the next attempt in milliseconds, or undefined when there is to be none. `limit.attempt.count` counts
 * retries; `limit.duration` bounds the time from the first attempt's start to the last one's.
 */
export function nextDelay(
  policy: RetryPolicy,
  error: WorkflowError,
  input: Json,
  run: Run<'try'>,
): number | undefined {
  const { attempt = 1, startedAt = Date.now() } = run.frame;
  const variables: JsonObject = { [run.task.catch.as ?? 'error']: { ...error } };
  if (policy.when !== undefined && !isTruthy(run.evaluate(policy.when, input, variables))) return undefined;
  if (policy.exceptWhen !== undefined && isTruthy(run.evaluate(policy.exceptWhen, input, variables)))
    return undefined;
  const retries = attempt - 1;
  if (policy.limit?.attempt?.count !== undefined && retries >= policy.limit.attempt.count) return undefined;

  const milliseconds = (written: Duration): number =>
    duration(written, scopeOf(run.execution, input, { ...run.variables, ...variables }), run.reference);
  const base = policy.delay === undefined ? 0 : milliseconds(policy.delay);
  const jitter = policy.jitter;
  const spread =
    jitter === undefined ? 0 : between(milliseconds(jitter.from), milliseconds(jitter.to), Math.random());
  const delay = Math.min(backoff(policy, base, attempt), maxDelayMs) + spread;
  const total = policy.limit?.duration;
  if (total !== undefined && Date.now() + delay - startedAt > milliseconds(total)) return undefined;
  return delay;
}

/** How long one attempt may take, in milliseconds, if the policy says so. */
export function attemptLimit(policy: RetryPolicy, input: Json, run: Run<'try'>): number | undefined {
  const written = policy.limit?.attempt?.duration;
  if (written === undefined) return undefined;
  return duration(written, scopeOf(run.execution, input, run.variables), run.reference);
}

/** The pause after attempt number `attempt`: the same, growing by one delay each time, or doubling. */
export function backoff(policy: Pick<RetryPolicy, 'backoff'>, delay: number, attempt: number): number {
  if (policy.backoff?.exponential !== undefined) return delay * 2 ** Math.min(attempt - 1, 40);
  if (policy.backoff?.linear !== undefined) return delay * attempt;
  return delay;
}

function between(from: number, to: number, random: number): number {
  return Math.round(from + (to - from) * random);
}
