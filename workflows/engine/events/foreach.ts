import type { Json, JsonObject } from '../../../dsl/json.ts';
import type { SubscriptionIterator } from '../../../dsl/types.ts';
import { scopeOf, transform, validate } from '../expressions.ts';
import { after, type Maybe } from '../maybe-async.ts';
import { listFrame } from '../position.ts';
import type { Outcome } from '../runner.ts';
import type { IteratingRun } from './kept-output.ts';

/**
 * Works through one event or message: runs `do` with it as a variable, shapes the result and exports to the context.
 * `do` begins with the task's `input`, each time. Without `do` the result is what was read. `place` is where in the task
 * the iterator stands, as a JSON Pointer.
 * Open Workflow DSL, "Subscription Iterator".
 */
export function processEvent(
  foreach: SubscriptionIterator | undefined,
  item: Json,
  input: Json,
  run: IteratingRun,
  place = '/foreach',
): Maybe<Outcome> {
  if (foreach === undefined) return { output: item };
  const { frame } = run;
  const index = frame.index ?? 0;
  const variables = { [foreach.item ?? 'item']: item, [foreach.at ?? 'index']: index };
  const give = (raw: Json): Outcome => ({
    output: shape(foreach, raw, { ...run.variables, ...variables }, run, place),
  });
  if (foreach.do === undefined) return give(item);
  frame.list ??= listFrame(input);
  const site = {
    locals: Object.assign({}, run.locals, variables),
    attempt: run.attempt,
    reference: `${run.reference}${place}/do`,
    path: `${run.path}/foreach/${index}/do`,
  };
  return after(run.runList(foreach.do, site, frame.list), (outcome) =>
    outcome.then === 'end' ? outcome : give(outcome.output),
  );
}

function shape(
  { output, export: exported }: SubscriptionIterator,
  raw: Json,
  variables: JsonObject,
  { execution, reference }: IteratingRun,
  place: string,
): Json {
  const { position } = execution;
  const instance = `${reference}${place}`;
  const as = output?.as;
  const shaped = as === undefined ? raw : transform(as, scopeOf(execution, raw, variables), instance);
  validate(execution, output?.schema, shaped, 'output', instance);
  if (exported?.as !== undefined) {
    const scope = scopeOf(execution, shaped, { ...variables, output: shaped });
    position.context = transform(exported.as, scope, instance);
    validate(execution, exported.schema, position.context, 'context', instance);
  }
  return shaped;
}
