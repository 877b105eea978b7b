/** Where a task leads to within its list ("Flow Directive"). Read from unchecked tasks: what is broken leads nowhere new. */
import { isJsonObject } from '../json.ts';
import type { Json, JsonObject } from '../json.ts';

/** The directives that name no task. */
export const flowDirectives: ReadonlySet<string> = new Set(['continue', 'exit', 'end']);

/** A flow directive and the way to it from its task. */
export interface WrittenDirective {
  readonly path: readonly (string | number)[];
  readonly directive: string;
}

/** Every flow directive that the task holds for its own list. */
export function directivesOf(task: JsonObject): readonly WrittenDirective[] {
  const found: WrittenDirective[] = [];
  const add = (path: readonly (string | number)[], directive: Json | undefined): void => {
    if (typeof directive === 'string') found.push({ path, directive });
  };
  add(['then'], task.then);
  for (const { path, then } of casesOf(task)) add(path, then);
  if (isJsonObject(task.catch)) add(['catch', 'then'], task.catch.then);
  return found;
}

/** What can come after the task in its list: names, and `continue` for the next in line. */
export function nextTasks(task: JsonObject): ReadonlySet<string> {
  const next = new Set<string>();
  const then = typeof task.then === 'string' ? task.then : 'continue';
  const cases = casesOf(task);
  for (const { then: chosen } of cases) if (typeof chosen === 'string') next.add(chosen);
  const alwaysChooses = cases.some(({ hasCondition }) => !hasCondition);
  const alwaysFails = Object.hasOwn(task, 'raise');
  if (!alwaysChooses && !alwaysFails) next.add(then);
  if (isJsonObject(task.catch) && typeof task.catch.then === 'string') next.add(task.catch.then);
  // A task that is skipped hands on to the next in line, whatever its `then` says.
  if (task.if !== undefined) next.add('continue');
  next.delete('exit');
  next.delete('end');
  return next;
}

function casesOf(
  task: JsonObject,
): readonly { path: readonly (string | number)[]; then: Json | undefined; hasCondition: boolean }[] {
  if (!Array.isArray(task.switch)) return [];
  return (task.switch as readonly Json[]).flatMap((item, index) => {
    const [name, found] = isJsonObject(item) ? (Object.entries(item)[0] ?? []) : [];
    if (name === undefined || !isJsonObject(found)) return [];
    return [
      { path: ['switch', index, name, 'then'], then: found.then, hasCondition: found.when !== undefined },
    ];
  });
}
