import { asJson, isJsonObject, type Json, type JsonObject } from '../../dsl/json.ts';
import type { ReferenceableAuthentication } from '../../dsl/types.ts';
import { authenticatedPlaces } from '../../dsl/uri-template.ts';
import type { RunnableKind } from './position.ts';
import { reusable } from './reusable.ts';
import type { Run } from './runner.ts';

/** Replaces `authentication: {use: name}` by the policy of that name, so that its expressions are evaluated too. */
export function withNamedAuthentication(
  args: JsonObject,
  run: Pick<Run<RunnableKind>, 'execution' | 'reference'>,
): JsonObject {
  const resolve = (holder: JsonObject): JsonObject => {
    const authentication = holder['authentication'] as ReferenceableAuthentication | undefined;
    if (authentication === undefined || !('use' in authentication)) return holder;
    const defined = run.execution.start.definition.use?.authentications;
    const policy = reusable(authentication.use, defined, 'authentication', run.reference);
    return { ...holder, authentication: asJson(policy) };
  };
  return authenticatedPlaces.reduce(
    (value, place) => changedAt(value, place.split('/').slice(1), resolve),
    args,
  );
}

/** The object with the object at `path` below it changed, where there is one. */
function changedAt(
  value: JsonObject,
  [name, ...rest]: readonly string[],
  change: (found: JsonObject) => JsonObject,
): JsonObject {
  if (name === undefined) return change(value);
  const member: Json | undefined = value[name];
  return isJsonObject(member) ? { ...value, [name]: changedAt(member, rest, change) } : value;
}
