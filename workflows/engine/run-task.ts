/** The frame around every task, whatever its type: data flow, timeout, log. Open Workflow DSL, "Data Flow". */
import { isCancellation } from '@temporalio/workflow';
import { compensationOf } from '../../dsl/compensation.ts';
import { isTruthy } from '../../dsl/evaluate.ts';
import { standardFault, WorkflowFault } from '../../dsl/errors.ts';
import { asJson, type Json, type JsonObject } from '../../dsl/json.ts';
import { taskKind } from '../../dsl/types.ts';
import { completeCompensation, registerCompensation } from './compensation/registry.ts';
import { dateTime } from './date-time.ts';
import { beforeDeadline } from './deadline.ts';
import { secretsIn } from './deferred.ts';
import type { Execution, FaultTrace } from './execution.ts';
import { runExtended } from './extend-task.ts';
import { duration, expression, scopeOf, transform, validate } from './expressions.ts';
import { aroundLock } from './lock-around.ts';
import { isLocked, runLocked } from './lock.ts';
import { after, type Maybe } from './maybe-async.ts';
import { Stop } from './pacing.ts';
import type { TaskFrame, TaskHolder } from './position.ts';
import { reusable } from './reusable.ts';
import { runBody, type Begun } from './run-body.ts';
import type { Outcome, RunList, Site } from './runner.ts';

/** Runs one task on its raw input, or takes it up where `holder` says that it stands. */
export function runTask(
  execution: Execution,
  site: Site,
  rawInput: Json,
  holder: TaskHolder,
  runList: RunList,
): Maybe<Outcome> {
  const isEntered = Object.keys(holder.task?.body ?? {}).length > 0;
  const room = isEntered ? undefined : execution.lifecycle?.room();
  if (room !== undefined) return room.then(() => runTask(execution, site, rawInput, holder, runList));
  return after(execution.pacing.boundary(isEntered), () => begin(execution, site, rawInput, holder, runList));
}

/** Enters the task into position and log, runs it, and takes it out again: of both, unless the run has to stop. */
function begin(
  execution: Execution,
  site: Site,
  rawInput: Json,
  holder: TaskHolder,
  runList: RunList,
): Maybe<Outcome> {
  const frame = (holder.task ??= newFrame(execution));
  return runFrame(execution, siteOf(site, frame), frame.edited?.input ?? rawInput, holder, frame, runList);
}

/** The place of a frame: where it began in another version, or on other input, its calls have other keys. */
function siteOf(site: Site, { path = site.path, edited }: TaskFrame): Site {
  if (path === site.path && edited === undefined) return site;
  return { ...site, path: edited === undefined ? path : `${path}~${edited.generation}` };
}

function runFrame(
  execution: Execution,
  site: Site,
  rawInput: Json,
  holder: TaskHolder,
  frame: TaskFrame,
  runList: RunList,
): Maybe<Outcome> {
  const { seq, startedAt } = frame;
  const { reference, path, name, attempt } = site;
  const record = execution.log.begin({ seq, reference, path, name, attempt, startedAt, input: rawInput });

  const { lifecycle } = execution;
  const begun = frame.input !== undefined || frame.extensions !== undefined;
  if (begun) lifecycle?.moved(record);
  let isTold = begun;
  const compensates = compensationOf(site.task) !== undefined;

  const fail = (error: unknown): never => {
    if (error instanceof Stop) throw error;
    if (error instanceof WorkflowFault) trace(execution.fault, error, seq);
    execution.log.end(record, isCancellation(error) ? 'cancelled' : 'faulted', Date.now());
    // Its `if` may have faulted before anything was told of the task.
    if (!isTold) lifecycle?.taskBegins(record);
    if (isCancellation(error)) lifecycle?.task('task.cancelled', record);
    else if (error instanceof WorkflowFault)
      lifecycle?.task('task.faulted', record, { error: { ...error.error } });
    throw error;
  };
  const complete = (outcome: Outcome, status: 'completed' | 'skipped' = 'completed'): Outcome => {
    execution.log.end(record, status, Date.now(), outcome.output);
    if (status === 'completed') lifecycle?.task('task.completed', record);
    delete holder.task;
    return outcome;
  };

  try {
    const variables = taskVariables(site, startedAt, rawInput);
    if (!begun) {
      const wanted = isWanted(execution, site, rawInput, variables);
      if (!wanted) return complete({ output: rawInput, then: 'continue' }, 'skipped');
      lifecycle?.taskBegins(record);
      isTold = true;
    }
    const ownRun = (): Maybe<Outcome> => {
      if (frame.input === undefined) takeInput(execution, site, rawInput, frame, variables);
      const input = frame.input ?? null;
      variables['input'] = input;
      const register = (): void => registerCompensation(execution.position, site, input, begun);
      const locks = isLocked({ frame, site });
      if (compensates && !locks) register();
      const body = (inside: Begun): Maybe<Outcome> => {
        // One that never had its lock did nothing that could be undone.
        if (compensates && locks) register();
        return runBody(taskKind(site.task), inside);
      };
      const ran = underTimeout(
        {
          execution,
          site,
          rawInput,
          input,
          frame,
          record,
          variables,
          runTask: (below, data, inner) => runTask(execution, below, data, inner, runList),
          runList: (tasks, place, list) => runList(execution, tasks, place, list),
        },
        locks ? (own) => runLocked(own, body) : body,
      );
      return after(ran, (result) => {
        const outcome = giveOutput(execution, site, result, variables);
        if (compensates) completeCompensation(execution.position, site, outcome.output);
        return outcome;
      });
    };
    const ran =
      execution.extensions.length === 0
        ? ownRun()
        : runExtended({ execution, site, rawInput, frame, variables, runList }, ownRun);
    return ran instanceof Promise ? ran.then(complete).catch(fail) : complete(ran);
  } catch (error) {
    return fail(error);
  }
}

function newFrame(execution: Execution): TaskFrame {
  execution.position.seq += 1;
  return { seq: execution.position.seq, startedAt: Date.now(), body: {} };
}

/** Notes a task run that a fault goes through on its way out. */
function trace(fault: FaultTrace, error: WorkflowFault, seq: number): void {
  if (fault.error !== error) {
    fault.error = error;
    fault.through = [];
  }
  fault.through.push(seq);
}

type TaskVariables = Record<string, Json>;

/** `$task` and the variables around it: what every expression of the task sees beside its own stage's. */
function taskVariables(site: Site, startedAt: number, rawInput: Json): TaskVariables {
  const { name, reference } = site;
  const lock = site.locals[aroundLock];
  const task = {
    name,
    reference,
    definition: asJson(site.task),
    input: rawInput,
    startedAt: dateTime(startedAt),
  };
  if (lock !== undefined) Object.assign(task, { lock });
  // The tasks of an extension see the task that it extends.
  return Object.assign({ task }, site.locals);
}

/** Whether the task's `if` says that it is run. */
function isWanted(
  execution: Execution,
  { task, reference }: Site,
  rawInput: Json,
  variables: JsonObject,
): boolean {
  return (
    task.if === undefined || isTruthy(expression(task.if, scopeOf(execution, rawInput, variables), reference))
  );
}

/** Checks the raw input and sets the frame's transformed one. */
function takeInput(
  execution: Execution,
  { task, reference }: Site,
  rawInput: Json,
  frame: TaskFrame,
  variables: JsonObject,
): void {
  validate(execution, task.input?.schema, rawInput, 'input', reference);
  const from = task.input?.from;
  // An `input.from` that names a secret is evaluated in the activity: the engine never sees what it gives.
  frame.input =
    from === undefined || secretsIn(from, execution.mode)
      ? rawInput
      : transform(from, scopeOf(execution, rawInput, variables), reference);
}

/** Shapes and checks what the body gave, and exports it to the context. */
function giveOutput(execution: Execution, site: Site, result: Outcome, variables: TaskVariables): Outcome {
  const { task, reference } = site;
  const then = result.then ?? task.then;
  if (task.output === undefined && task.export === undefined) return { output: result.output, then };
  if (site.locals['task'] === undefined)
    variables['task'] = Object.assign({}, variables['task'], { output: result.output });
  const as = task.output?.as;
  const output =
    as === undefined ? result.output : transform(as, scopeOf(execution, result.output, variables), reference);
  validate(execution, task.output?.schema, output, 'output', reference);
  if (task.export !== undefined) {
    if (task.export.as !== undefined) {
      variables['output'] = output;
      const scope = scopeOf(execution, output, variables);
      execution.position.context = transform(task.export.as, scope, reference);
    }
    validate(execution, task.export.schema, execution.position.context, 'context', reference);
  }
  return { output, then };
}

/** Runs the task within its timeout if it has one. Open Workflow DSL, "Timeouts". */
function underTimeout(begun: Begun, run: (begun: Begun) => Maybe<Outcome>): Maybe<Outcome> {
  const { execution, site, frame, input, variables } = begun;
  const { task, reference, name } = site;
  if (task.timeout === undefined) return run(begun);
  const { after: limit } = reusable(
    task.timeout,
    execution.start.definition.use?.timeouts,
    'timeout',
    reference,
  );
  frame.deadline ??= Date.now() + duration(limit, scopeOf(execution, input, variables), reference);
  return beforeDeadline(
    execution.pacing,
    frame.deadline,
    async () => run(begun),
    () => standardFault('timeout', reference, `${name} did not end within its timeout`),
  );
}
