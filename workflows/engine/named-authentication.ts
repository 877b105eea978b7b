import { asJson, isJsonObject, type Json, type JsonObject } from '../../dsl/json.ts';
import type { ReferenceableAuthentication } from '../../dsl/types.ts';
import type { RunnableKind } from './position.ts';
import { reusable } from './reusable.ts';
import type { Run } from './runner.ts';

/** External resources that arguments may hold: each with an endpoint, and that with an authentication. */
const resources = ['document', 'source'];

/** Replaces `authentication: {use: name}` by the policy of that name, so that its expressions are evaluated too. */
export function withNamedAuthentication(
  args: JsonObject,
  run: Pick<Run<RunnableKind>, 'execution' | 'reference'>,
): JsonObject {
  const resolve = (holder: Json | undefined): Json | undefined => {
    if (!isJsonObject(holder)) return holder;
    const authentication = holder['authentication'] as ReferenceableAuthentication | undefined;
    if (authentication === undefined || !('use' in authentication)) return holder;
    const defined = run.execution.start.definition.use?.authentications;
    const policy = reusable(authentication.use, defined, 'authentication', run.reference);
    return { ...holder, authentication: asJson(policy) };
  };
  const resolved: Record<string, Json> = { ...(resolve(args) as JsonObject) };
  const endpoint = resolve(resolved['endpoint']);
  if (endpoint !== undefined) resolved['endpoint'] = endpoint;
  for (const name of resources) {
    const resource = resolved[name];
    if (isJsonObject(resource))
      resolved[name] = { ...resource, endpoint: resolve(resource['endpoint']) ?? null };
  }
  return resolved;
}
