/** The resources that a deploy put beside a definition. */
import type { Json } from './json.ts';
import type { Definition, Endpoint, Resources, Schema, Task } from './types.ts';

/** The definition as its author wrote it. */
export function asWritten(definition: Definition): Definition {
  if (definition.resources === undefined) return definition;
  const { resources: _, ...written } = definition;
  return written;
}

/** The JSON Schema of a schema written in place or read at deploy; undefined without one. */
export function schemaDocument(
  schema: Schema | undefined,
  resources: Resources | undefined,
): Json | undefined {
  if (schema?.resource === undefined) return schema?.document;
  return member(resources?.schemas, endpointUri(schema.resource.endpoint))?.document;
}

/** The function that `call` names: one that the definition brings along, or one that its deploy read. */
export function calledFunction(name: string, { use, resources }: Definition): Task | undefined {
  return member(use?.functions, name) ?? member(resources?.functions, name)?.task;
}

/** The URI of an endpoint, in whichever form it is written. */
export function endpointUri(endpoint: Endpoint): string {
  return typeof endpoint === 'string' ? endpoint : endpoint.uri;
}

function member<T>(members: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return members !== undefined && Object.hasOwn(members, name) ? members[name] : undefined;
}
