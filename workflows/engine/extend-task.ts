/** Runs a task between the tasks of the extensions that apply to it. Open Workflow DSL, "Extension". */
import { isTruthy } from '../../dsl/evaluate.ts';
import { ExpressionLimitError } from '../../dsl/expressions/index.ts';
import { WorkflowFault } from '../../dsl/errors.ts';
import { asJson, type Json, type JsonObject } from '../../dsl/json.ts';
import type { Execution } from './execution.ts';
import { expression, scopeOf } from './expressions.ts';
import { extendsType, type DefinedExtension } from './extensions.ts';
import { after, repeat, type Maybe } from './maybe-async.ts';
import { listFrame, type ExtensionsFrame, type TaskFrame } from './position.ts';
import type { Outcome, RunList, Site } from './runner.ts';

/** A task that has begun, seen from its extensions. */
interface Extended {
  readonly execution: Execution;
  readonly site: Site;
  readonly rawInput: Json;
  readonly frame: TaskFrame;
  /** `$task` among them. */
  readonly variables: JsonObject;
  readonly runList: RunList;
}

/**
 * Runs every `before` in order on the task's raw input, then the task on the same, then every `after` on its output.
 * What `before` and `after` give is dropped, so that a log or a check changes no data. A `before` that leaves by `exit`
 * stands in for the task: what it gave is the task's output as it is, and the task and all else of its extensions are
 * left out. An `after` that leaves by `exit` gives the output.
 */
export function runExtended(extended: Extended, runTask: () => Maybe<Outcome>): Maybe<Outcome> {
  const { site, rawInput, frame } = extended;
  const state = (frame.extensions ??= { applied: applying(extended), next: 0 });
  if (state.applied.length === 0) return runTask();
  if (state.outcome !== undefined) return runAfter(extended, state, state.outcome);
  return after(runLists('before', rawInput, describedTask(extended), extended, state), (left) => {
    if (left.then === 'end') return left;
    if (left.then === 'exit') return { output: left.output, then: site.task.then };
    return after(runTask(), (outcome) => {
      state.outcome = outcome;
      state.next = 0;
      return runAfter(extended, state, outcome);
    });
  });
}

function runAfter(extended: Extended, state: ExtensionsFrame, outcome: Outcome): Maybe<Outcome> {
  const { output, then } = outcome;
  const task = { ...describedTask(extended), output };
  return after(runLists('after', output, task, extended, state), (left) => {
    if (left.then === 'end') return left;
    return left.then === 'exit' ? { output: left.output, then } : outcome;
  });
}

/** Runs the lists from where the frame says on; ends with `continue` unless one of them left by `exit` or `end`. */
function runLists(
  which: 'before' | 'after',
  data: Json,
  task: JsonObject,
  { execution, site, runList }: Extended,
  state: ExtensionsFrame,
): Maybe<Outcome> {
  const unextended: Execution = { ...execution, extensions: [] };
  return repeat((): Maybe<Outcome | undefined> => {
    const index = state.applied[state.next];
    const defined = index === undefined ? undefined : execution.extensions[index];
    if (defined === undefined) return { output: data, then: 'continue' };
    const { extension, reference } = defined;
    const tasks = extension[which];
    if (tasks === undefined) {
      state.next += 1;
      return undefined;
    }
    state.list ??= listFrame(data);
    const place = {
      reference: `${reference}/${which}`,
      path: `${site.path}/extensions/${index}/${which}`,
      locals: { task },
      attempt: site.attempt,
    };
    return after(runList(unextended, tasks, place, state.list), (outcome) => {
      delete state.list;
      state.next += 1;
      return outcome.then === 'end' || outcome.then === 'exit' ? outcome : undefined;
    });
  });
}

/** The extensions that apply to the task, decided once: what their tasks export does not change it. */
function applying(extended: Extended): readonly number[] {
  const { execution, site } = extended;
  const task = describedTask(extended);
  return execution.extensions.flatMap((defined, index) =>
    extendsType(defined.extension, site.task) && isWanted(defined, task, extended) ? [index] : [],
  );
}

/**
 * Whether `when` holds. An expression that fails on a task does not hold: the conditions in the specification ask tasks
 * of every form for members that only some have.
 */
function isWanted(
  { extension, reference }: DefinedExtension,
  task: JsonObject,
  { execution, rawInput }: Extended,
): boolean {
  if (extension.when === undefined) return true;
  try {
    const scope = scopeOf(execution, rawInput, { input: rawInput, task });
    return isTruthy(expression(extension.when, scope, `${reference}/when`));
  } catch (error) {
    if (!(error instanceof WorkflowFault) || error.cause instanceof ExpressionLimitError) throw error;
    return false;
  }
}

/**
 * `$task` for `when`, `before` and `after`: the descriptor of the extended task, and beside it the fields of its
 * definition, which the specification's examples take from it (`$task.with`).
 */
function describedTask({ site, variables }: Extended): JsonObject {
  return { ...asJson(site.task), ...(variables['task'] as JsonObject) };
}
