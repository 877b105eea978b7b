/** The frame around every task, whatever its type: data flow, timeout, log. Open Workflow DSL, "Data Flow". */
import { isCancellation } from '@temporalio/workflow';
import { isTruthy } from '../../dsl/evaluate.ts';
import { standardFault } from '../../dsl/errors.ts';
import { asJson, type Json, type JsonObject } from '../../dsl/json.ts';
import { taskKind, type TaskList } from '../../dsl/types.ts';
import { dateTime } from './date-time.ts';
import { beforeDeadline } from './deadline.ts';
import type { Execution } from './execution.ts';
import { duration, expression, scopeOf, transform, validate } from './expressions.ts';
import { Stop } from './pacing.ts';
import type { ListFrame, TaskFrame, TaskHolder } from './position.ts';
import { reusable } from './reusable.ts';
import { runBody } from './run-body.ts';
import type { ListSite, Outcome, Site } from './runner.ts';
import type { TaskRecord } from './task-log.ts';
import { secretsIn } from './deferred.ts';

type RunList = (execution: Execution, tasks: TaskList, site: ListSite, frame: ListFrame) => Promise<Outcome>;

/** Runs one task on its raw input, or takes it up where `holder` says that it stands. */
export async function runTask(
  execution: Execution,
  site: Site,
  rawInput: Json,
  holder: TaskHolder,
  runList: RunList,
): Promise<Outcome> {
  const pause = execution.pacing.boundary();
  if (pause !== undefined) await pause;

  const frame = (holder.task ??= newFrame(execution));
  const { seq, startedAt } = frame;
  const record = execution.log.begin({
    seq,
    reference: site.reference,
    name: site.name,
    attempt: site.attempt,
    startedAt,
  });
  try {
    const outcome = await flow(execution, site, rawInput, frame, record, runList);
    execution.log.end(record, outcome.skipped ? 'skipped' : 'completed', Date.now());
    delete holder.task;
    return outcome;
  } catch (error) {
    if (error instanceof Stop) throw error;
    execution.log.end(record, isCancellation(error) ? 'cancelled' : 'faulted', Date.now());
    throw error;
  }
}

function newFrame(execution: Execution): TaskFrame {
  execution.position.seq += 1;
  return { seq: execution.position.seq, startedAt: Date.now(), body: {} };
}

/** `$task` and the variables around it: what every expression of the task sees beside its own stage's. */
function taskVariables(site: Site, startedAt: number, rawInput: Json): JsonObject {
  const { name, reference } = site;
  const definition = asJson(site.task);
  return {
    ...site.locals,
    task: { name, reference, definition, input: rawInput, startedAt: dateTime(startedAt) },
  };
}

async function flow(
  execution: Execution,
  site: Site,
  rawInput: Json,
  frame: TaskFrame,
  record: TaskRecord,
  runList: RunList,
): Promise<Outcome & { readonly skipped?: boolean }> {
  const { task, reference } = site;
  const base = taskVariables(site, frame.startedAt, rawInput);

  if (frame.input === undefined) {
    const before = scopeOf(execution, rawInput, base);
    if (task.if !== undefined && !isTruthy(expression(task.if, before, reference))) {
      return { output: rawInput, then: 'continue', skipped: true };
    }
    validate(task.input?.schema, rawInput, 'input', reference);
    // An `input.from` that names a secret is evaluated in the activity: the engine never sees what it gives.
    const from = secretsIn(task.input?.from, execution.mode) ? undefined : task.input?.from;
    frame.input = from === undefined ? rawInput : transform(from, before, reference);
  }
  const input = frame.input;
  const variables: JsonObject = { ...base, input };

  const result = await underTimeout(execution, site, frame, input, variables, () =>
    runBody(taskKind(task), {
      execution,
      site,
      rawInput,
      input,
      frame,
      record,
      variables,
      runTask: (below, data, holder) => runTask(execution, below, data, holder, runList),
      runList: (tasks, place, list) => runList(execution, tasks, place, list),
    }),
  );

  const raw = { ...variables, task: { ...(base['task'] as JsonObject), output: result.output } };
  const as = task.output?.as;
  const output =
    as === undefined ? result.output : transform(as, scopeOf(execution, result.output, raw), reference);
  validate(task.output?.schema, output, 'output', reference);
  if (task.export !== undefined) {
    const exported = task.export.as;
    if (exported !== undefined) {
      const scope = scopeOf(execution, output, { ...raw, output });
      execution.position.context = transform(exported, scope, reference);
    }
    validate(task.export.schema, execution.position.context, 'context', reference);
  }
  return { output, then: result.then ?? task.then };
}

/** Runs the task's body, within its timeout if it has one. Open Workflow DSL, "Timeouts". */
async function underTimeout(
  execution: Execution,
  site: Site,
  frame: TaskFrame,
  input: Json,
  variables: JsonObject,
  body: () => Outcome | Promise<Outcome>,
): Promise<Outcome> {
  const { timeout } = site.task;
  if (timeout === undefined) return body();
  const { reference } = site;
  const { after } = reusable(timeout, execution.start.definition.use?.timeouts, 'timeout', reference);
  frame.deadline ??= Date.now() + duration(after, scopeOf(execution, input, variables), reference);
  return beforeDeadline(
    frame.deadline,
    async () => body(),
    () => standardFault('timeout', reference, `${site.name} did not end within its timeout`),
  );
}
