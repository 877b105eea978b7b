import type { Json, JsonObject } from '../../../dsl/json.ts';
import type { SubscriptionIterator } from '../../../dsl/types.ts';
import { scopeOf, transform, validate } from '../expressions.ts';
import { listFrame } from '../position.ts';
import type { Outcome, Run } from '../runner.ts';

/**
 * Works through one event: runs `do` on what was read of it, shapes the result and exports to the context. Without
 * `foreach` the result is what was read. Open Workflow DSL, "Subscription Iterator".
 */
export async function processEvent(
  foreach: SubscriptionIterator | undefined,
  item: Json,
  run: Run<'listen'>,
): Promise<Outcome> {
  if (foreach === undefined) return { output: item };
  const { frame, execution } = run;
  const index = frame.index ?? 0;
  const variables = { [foreach.item ?? 'item']: item, [foreach.at ?? 'index']: index };
  let raw = item;
  if (foreach.do !== undefined) {
    frame.list ??= listFrame(item);
    const site = {
      locals: Object.assign({}, run.locals, variables),
      attempt: run.attempt,
      reference: `${run.reference}/foreach/do`,
      path: `${run.path}/foreach/${index}/do`,
    };
    const outcome = await run.runList(foreach.do, site, frame.list);
    if (outcome.then === 'end') return outcome;
    raw = outcome.output;
  }
  return { output: shape(foreach, raw, { ...run.variables, ...variables }, run, execution.position) };
}

function shape(
  { output, export: exported }: SubscriptionIterator,
  raw: Json,
  variables: JsonObject,
  { execution, reference }: Run<'listen'>,
  position: { context: Json },
): Json {
  const instance = `${reference}/foreach`;
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
