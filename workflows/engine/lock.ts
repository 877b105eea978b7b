/** The lock around a task: `metadata.lock`. It is had before the task does anything, and let go however it ends. */
import { patched, workflowInfo } from '@temporalio/workflow';
import { standardFault, WorkflowFault } from '../../dsl/errors.ts';
import type { JsonObject } from '../../dsl/json.ts';
import { lockKeyProblem, lockLostType, lockOf, lockTtl, lockTtlProblem } from '../../dsl/lock.ts';
import { lockHolder } from '../contract.ts';
import { keepWhile, letGo, LockLost, waitHeartbeatMs, type WantedLock } from '../locks/hold-lock.ts';
import { callActivity } from './call-activity.ts';
import { duration, scopeOf, value } from './expressions.ts';
import { idempotencyKey } from './idempotency-key.ts';
import { aroundLock } from './lock-around.ts';
import type { Maybe } from './maybe-async.ts';
import { summary } from './names.ts';
import { askOrStop } from './or-stop.ts';
import { Stop } from './pacing.ts';
import type { LockFrame } from './position.ts';
import type { Begun } from './run-body.ts';
import type { Outcome } from './runner.ts';

// The activity waits for five minutes at most, and notices then.
const askMs = 5 * 60_000;

// How much longer than a task wants to wait its lock system may take to say so.
const lateMs = 5_000;

/** Whether the task has a lock, or has begun with one. Executions from before there were locks go on without. */
export function isLocked({ frame, site }: Pick<Begun, 'frame' | 'site'>): boolean {
  return frame.lock !== undefined || (lockOf(site.task) !== undefined && patched('locks'));
}

/** Runs a task under its lock. `run` gets the task as it is inside: its expressions see the token. */
export async function runLocked(begun: Begun, run: (inside: Begun) => Maybe<Outcome>): Promise<Outcome> {
  const { frame, execution } = begun;
  const lock = (frame.lock ??= lockFrame(begun));
  const wanted = wantedLock(begun, lock);
  let outcome: Outcome;
  try {
    const token = (lock.token ??= await acquire(begun, wanted, lock));
    outcome = await keepWhile(wanted, token, async () => {
      await execution.pacing.held();
      return run(insideOf(begun, { key: lock.key, token }));
    });
  } catch (error) {
    // The next run goes on with it.
    if (error instanceof Stop) throw error;
    delete frame.lock;
    if (error instanceof LockLost) throw lockLost(begun, lock.key);
    await letGo(wanted, lock.token);
    throw error;
  }
  await letGo(wanted, lock.token);
  delete frame.lock;
  return outcome;
}

/** Evaluates what the definition says of the lock; what comes of it holds however the context changes. */
function lockFrame({ execution, site, input, variables }: Begun): LockFrame {
  const { reference } = site;
  const { key: written, ttl, wait } = lockOf(site.task) ?? { key: '' };
  const scope = scopeOf(execution, input, variables);
  const place = `${reference}/metadata/lock`;
  const refuse = (problem: string): WorkflowFault => standardFault('expression', place, problem);
  const key = value(written, scope, place);
  if (typeof key !== 'string') throw refuse(`the key of a lock must be a text, found ${JSON.stringify(key)}`);
  const ttlMs = ttl === undefined ? lockTtl.defaultMs : duration(ttl, scope, place);
  const problem = lockKeyProblem(key) ?? lockTtlProblem(ttlMs);
  if (problem !== undefined) throw refuse(problem);
  return { key, ttlMs, ...(wait !== undefined && { until: Date.now() + duration(wait, scope, place) }) };
}

/** Waits for the lock and gives its token. Faults with `timeout` where that took longer than the task wants to wait. */
async function acquire(begun: Begun, wanted: WantedLock, { until }: LockFrame): Promise<string> {
  const { execution, site, record } = begun;
  const { reference, key, holder, ttlMs } = wanted;
  const run = { execution, record, reference, name: site.name };
  const request = { reference, key, holder, ttlMs, ...(until === undefined ? {} : { until }) };
  for (;;) {
    const answer = await askOrStop(execution, () =>
      callActivity(run, request, (activities, asked) => activities.acquireLock(asked), {
        timeoutMs: askMs + execution.start.limits.callTimeoutMs,
        waits: true,
        // One that still asks would stand in the queue again after its task has left it.
        endsFirst: true,
        heartbeatMs: waitHeartbeatMs,
        ...(until === undefined ? {} : { untilMs: until + lateMs }),
      }),
    ).catch((error: unknown) => {
      if (error instanceof WorkflowFault && error.error.status === 408) return { state: 'late' } as const;
      throw error;
    });
    if (answer.state === 'held') return answer.token;
    if (answer.state === 'late')
      throw standardFault('timeout', site.reference, `${site.name} did not have the lock ${key} in time`);
    const turn = execution.pacing.boundary();
    if (turn !== undefined) await turn;
  }
}

/** Who holds it: this task in this iteration, in whichever run and process. */
function wantedLock({ execution, site }: Begun, { key, ttlMs }: LockFrame): WantedLock {
  return {
    key,
    ttlMs,
    holder: lockHolder(workflowInfo().workflowId, idempotencyKey(execution.position.seed, site.path)),
    // One of its own: the task's activities have the task's.
    reference: `${site.reference}/metadata/lock`,
    summary: summary(`lock ${key}`),
  };
}

/** The task as its expressions and the tasks below see it. */
function insideOf(begun: Begun, lock: JsonObject): Begun {
  const { site, variables } = begun;
  // The task's own expressions, those of its output among them, share the object.
  if (site.locals['task'] === undefined) variables['task'] = Object.assign({}, variables['task'], { lock });
  return { ...begun, site: { ...site, locals: Object.assign({}, site.locals, { [aroundLock]: lock }) } };
}

function lockLost({ site }: Begun, key: string): WorkflowFault {
  return new WorkflowFault({
    type: lockLostType,
    status: 409,
    instance: site.reference,
    title: 'Lock Lost',
    detail: `${site.name} lost the lock ${key}: it was not renewed in time, and may be another's`,
  });
}
