/** One task: what every task has, and the form of its type. */
import { isJsonObject } from '../json.ts';
import type { JsonObject } from '../json.ts';
import { taskKinds } from '../types.ts';
import type { TaskKind } from '../types.ts';
import { nearestName, orList } from '../wording.ts';
import { exportRule, input, output } from './data-flow.ts';
import { stageScope, withSecrets } from './expression-scope.ts';
import type { ExpressionScope, Stage } from './expression-scope.ts';
import { expression, namesSecret } from './expressions.ts';
import { taskMetadata } from './metadata.ts';
import { below, report, seeing } from './place.ts';
import type { Place, Rule } from './place.ts';
import { checkFields, checkRequired, expectObject, reportUnknownField, text } from './rules.ts';
import { callTask, isProtocolCall } from './tasks/call.ts';
import { doTask } from './tasks/do.ts';
import { emitTask } from './tasks/emit.ts';
import { forTask } from './tasks/for.ts';
import { forkTask } from './tasks/fork.ts';
import type { TaskForms } from './tasks/form.ts';
import { listenTask } from './tasks/listen.ts';
import { raiseTask } from './tasks/raise.ts';
import { isProcessRun, runTask } from './tasks/run.ts';
import { setTask } from './tasks/set.ts';
import { switchTask } from './tasks/switch.ts';
import { tryTask } from './tasks/try.ts';
import { waitTask } from './tasks/wait.ts';
import { timeout } from './timeout.ts';

const forms = {
  call: callTask,
  for: forTask,
  do: doTask,
  emit: emitTask,
  fork: forkTask,
  listen: listenTask,
  raise: raiseTask,
  run: runTask,
  set: setTask,
  switch: switchTask,
  try: tryTask,
  wait: waitTask,
} satisfies TaskForms;

/** A task of any type. */
export const task: Rule = (value, place) => {
  if (!expectObject(value, place, 'a task')) return;
  const kind = kindOf(value, place);
  if (kind === undefined) {
    for (const [name, member] of Object.entries(value))
      baseFields(value, place)[name]?.(member, below(place, name));
    return;
  }
  const form = forms[kind](value);
  const body = stageScope(place.scope, 'taskBody');
  const typed = Object.fromEntries(Object.entries(form.fields).map(([name, rule]) => [name, at(body, rule)]));
  checkRequired(value, place, form.title, form.required ?? []);
  checkFields(value, place, { title: form.title, fields: { ...typed, ...baseFields(value, place) } });
};

/** The fields that every task has, each seeing what its stage of the data flow sees. */
function baseFields(value: JsonObject, place: Place): Readonly<Record<string, Rule>> {
  const inActivity = isProtocolCall(value) || isProcessRun(value);
  const from = isJsonObject(value.input) ? value.input.from : undefined;
  const secretInput =
    inActivity &&
    from !== undefined &&
    namesSecret(from, typeof from === 'string' ? 'expression' : 'template');
  const stage = (name: Stage): ExpressionScope => ({ ...stageScope(place.scope, name), secretInput });
  const before = stageScope(place.scope, 'taskInput');
  return {
    if: at(before, expression),
    input: at(inActivity ? withSecrets(before) : before, input),
    output: at(stage('taskOutput'), output),
    export: at(stage('taskExport'), exportRule),
    timeout: at(stageScope(place.scope, 'taskBody'), timeout),
    then: text(),
    metadata: taskMetadata(secretInput),
  };
}

function at(scope: ExpressionScope, rule: Rule): Rule {
  return (value, place) => rule(value, seeing(place, scope));
}

const baseNames = new Set(['if', 'input', 'output', 'export', 'timeout', 'then', 'metadata']);

/** What the task does, by the field that says so. Reports none, and more than one. */
function kindOf(value: JsonObject, place: Place): TaskKind | undefined {
  const found = taskKinds.filter((kind) => Object.hasOwn(value, kind));
  // A for task has its tasks under `do`.
  const kinds = found.includes('for') ? found.filter((kind) => kind !== 'do') : found;
  const [first, second] = kinds;
  if (first !== undefined && second !== undefined) {
    const message = `a task does one thing, found ${kinds.join(' and ')}; make them two tasks`;
    report(below(place, second), 'value', message, { key: true });
    return undefined;
  }
  if (first === undefined) reportNoKind(value, place);
  return first;
}

function reportNoKind(value: JsonObject, place: Place): void {
  const unknown = Object.keys(value).filter((name) => !baseNames.has(name));
  const mistyped = unknown.find((name) => nearestName(name, taskKinds) !== undefined);
  if (mistyped !== undefined) reportUnknownField(below(place, mistyped), mistyped, 'a task', taskKinds);
  else report(place, 'missing', `a task needs one of the fields ${orList(taskKinds)}`);
}
