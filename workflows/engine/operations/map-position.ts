/**
 * Moves a position from one version of a definition to another. Tasks are the same where they have the same name in the
 * same list; what has begun keeps its path, and with it the idempotency keys of its calls.
 */
import { canonicalJson, pointerToken, type Json } from '../../../dsl/json.ts';
import { calledFunction } from '../../../dsl/resources.ts';
import { namedTask, taskKind, type Definition, type Task, type TaskList } from '../../../dsl/types.ts';
import type { MigrationObstacle } from '../../contract.ts';
import { extensionsOf } from '../extensions.ts';
import type { BranchFrame, ListFrame, Position, TaskFrame } from '../position.ts';
import { bodyOf, iteratedMessages } from '../standing.ts';

/** Where a list or task stands in the old version. */
interface Place {
  /** JSON Pointer into the definition. */
  readonly reference: string;
  /** The same with visits and iterations: what idempotency keys are made of. */
  readonly path: string;
}

/** Changes the position in place. Gives what is in the way; the position is of no use then. */
export function mapPosition(
  from: Definition,
  to: Definition,
  position: Position,
): readonly MigrationObstacle[] {
  const obstacles: MigrationObstacle[] = [];
  const { version } = to.document;
  const refuse = (reference: string, reason: string): void => void obstacles.push({ reference, reason });

  function list(
    old: TaskList | undefined,
    now: TaskList | undefined,
    place: Place,
    frame: ListFrame | undefined,
  ): void {
    if (frame === undefined) return;
    const names = (old ?? []).map((item) => namedTask(item).name);
    const index = (name: string): number => (now ?? []).findIndex((item) => Object.hasOwn(item, name));
    const name = names[frame.index];
    const visits = names.flatMap((visited, at) => {
      const count = frame.visits[at];
      return count === undefined || index(visited) < 0 ? [] : [[index(visited), count] as const];
    });
    const visit = frame.visits[frame.index] ?? 1;
    const before = frame.index;
    frame.visits = Object.fromEntries(visits);
    if (name === undefined) {
      frame.index = now?.length ?? 0;
      return;
    }
    const step = `/${before}/${pointerToken(name)}`;
    const reference = place.reference + step;
    const item = now?.[index(name)];
    const oldItem = old?.[before];
    if (item === undefined || oldItem === undefined) {
      const what = frame.task === undefined ? 'The task comes next' : 'The task is under way';
      return refuse(reference, `${what}, and version ${version} does not have it`);
    }
    frame.index = index(name);
    if (frame.task === undefined) return;
    const path = `${place.path}${step}#${visit}`;
    if (frame.index !== before) frame.task.path ??= path;
    task(namedTask(oldItem).task, namedTask(item).task, { reference, path }, frame.task);
  }

  function task(old: Task, now: Task, place: Place, frame: TaskFrame): void {
    const kind = taskKind(old);
    if (taskKind(now) !== kind)
      return refuse(
        place.reference,
        `The task is under way as ${kind}, in version ${version} it is ${taskKind(now)}`,
      );
    const path = frame.path ?? place.path;
    const at = { ...place, path: frame.edited === undefined ? path : `${path}~${frame.edited.generation}` };
    extensions(at, frame);
    below(old, now, at, frame);
  }

  function extensions(place: Place, { extensions: state }: TaskFrame): void {
    if (state === undefined) return;
    const [before, after] = [extensionsOf(from), extensionsOf(to)];
    const applied = state.applied.map((index) => after.findIndex(({ name }) => name === before[index]?.name));
    if (applied.includes(-1))
      return refuse(
        place.reference,
        `An extension of the task is under way, and version ${version} does not have it`,
      );
    const index = state.applied[state.next] ?? 0;
    const which = state.outcome === undefined ? 'before' : 'after';
    const inside = {
      reference: `${before[index]?.reference ?? ''}/${which}`,
      path: `${place.path}/extensions/${index}/${which}`,
    };
    list(
      before[index]?.extension[which],
      after[applied[state.next] ?? 0]?.extension[which],
      inside,
      state.list,
    );
    Object.assign(state, { applied });
  }

  function below(old: Task, now: Task, { reference, path }: Place, frame: TaskFrame): void {
    const inside = (step: string, pathStep = step): Place => ({
      reference: reference + step,
      path: path + pathStep,
    });
    if ('for' in old && 'for' in now) {
      const body = bodyOf<'for'>(frame);
      list(old.do, now.do, inside('/do', `/for/${body.index ?? 0}/do`), body.list);
    } else if ('do' in old && 'do' in now) list(old.do, now.do, inside('/do'), bodyOf<'do'>(frame).list);
    else if ('try' in old && 'try' in now) {
      const body = bodyOf<'try'>(frame);
      list(old.try, now.try, inside('/try'), body.list);
      list(old.catch.do, now.catch.do, inside('/catch/do'), body.caught?.list);
    } else if ('fork' in old && 'fork' in now) branches(old.fork, now.fork, inside('/fork/branches'), frame);
    else if ('listen' in old && 'listen' in now) {
      const body = bodyOf<'listen'>(frame);
      if (body.routes !== undefined && !same(old.listen.to, now.listen.to))
        refuse(reference, `The task listens already, and version ${version} listens to other events`);
      list(
        old.foreach?.do,
        now.foreach?.do,
        inside('/foreach/do', `/foreach/${body.index ?? 0}/do`),
        body.list,
      );
    } else if ('call' in old && 'call' in now) call(old.call, now, old, inside, frame);
    else if ('run' in old && 'run' in now) {
      if (
        bodyOf<'run'>(frame).child !== undefined &&
        (now.run.workflow === undefined) !== (old.run.workflow === undefined)
      )
        refuse(reference, `The task waits for its child, and runs something else in version ${version}`);
    }
  }

  function call(
    name: string,
    now: Extract<Task, { call: string }>,
    old: Extract<Task, { call: string }>,
    inside: (step: string, pathStep?: string) => Place,
    frame: TaskFrame,
  ): void {
    const body = bodyOf<'call'>(frame);
    if (Object.keys(body).length > 0 && now.call !== name)
      return refuse(
        inside('').reference,
        `The task calls ${name}, in version ${version} it calls ${now.call}`,
      );
    const [before, after] = [calledFunction(name, from), calledFunction(now.call, to)];
    if (before !== undefined && after !== undefined && body.task !== undefined)
      task(before, after, inside('/call'), body.task);
    const messages = inside('/with/subscription/foreach/do', `/foreach/${body.index ?? 0}/do`);
    list(iteratedMessages(old), iteratedMessages(now), messages, body.list);
  }

  function branches(
    old: Extract<Task, { fork: object }>['fork'],
    now: Extract<Task, { fork: object }>['fork'],
    place: Place,
    frame: TaskFrame,
  ): void {
    const body = bodyOf<'fork'>(frame);
    if (body.branches === undefined) return;
    if ((old.compete ?? false) !== (now.compete ?? false))
      return refuse(place.reference, `The branches are under way, and version ${version} changes compete`);
    const frames = body.branches;
    const known = new Map(
      old.branches.map((item, index) => [namedTask(item).name, { index, item }] as const),
    );
    body.branches = now.branches.map((item): BranchFrame => {
      const { name, task: branch } = namedTask(item);
      const before = known.get(name);
      known.delete(name);
      const found = before === undefined ? undefined : frames[before.index];
      if (before === undefined || found === undefined) return {};
      if (found.task !== undefined) {
        const step = `/${before.index}/${pointerToken(name)}`;
        const at = { reference: place.reference + step, path: place.path + step };
        if (now.branches.indexOf(item) !== before.index) found.task.path ??= at.path;
        task(namedTask(before.item).task, branch, at, found.task);
      }
      return found;
    });
    for (const [name, { index }] of known)
      refuse(
        `${place.reference}/${index}/${pointerToken(name)}`,
        `The branch has begun, and version ${version} does not have it`,
      );
  }

  list(from.do, to.do, { reference: '/do', path: '/do' }, position.root);
  return obstacles;
}

function same(left: object, right: object): boolean {
  return canonicalJson(left as Json) === canonicalJson(right as Json);
}
