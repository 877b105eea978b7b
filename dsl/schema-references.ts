/** Follows the references within a JSON Schema. */
import { dereference } from '@cfworker/json-schema';
import type { Schema as JsonSchema } from '@cfworker/json-schema';
import type { JsonObject } from './json.ts';
import { mutableCopy } from './schema.ts';

/** A reference that leads to nothing, or back to itself without a step into the value; undefined where all are good. */
export function referenceProblem(source: JsonObject): string | undefined {
  const schema = mutableCopy(source);
  let known: Record<string, JsonSchema | boolean>;
  try {
    known = dereference(schema);
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/\.$/, '') : String(error);
    return `the schema's identifiers and references cannot be resolved: ${reason}`;
  }
  const settled = new Set<JsonSchema>();
  for (const subschema of Object.values(known)) {
    const message =
      typeof subschema === 'object' ? endlessOrMissing(subschema, known, new Set(), settled) : undefined;
    if (message !== undefined) return message;
  }
  return undefined;
}

function endlessOrMissing(
  schema: JsonSchema,
  known: Readonly<Record<string, JsonSchema | boolean>>,
  open: Set<JsonSchema>,
  settled: Set<JsonSchema>,
): string | undefined {
  if (open.has(schema)) return `the reference "${schema.$ref ?? '#'}" leads back to itself`;
  if (settled.has(schema)) return undefined;
  open.add(schema);
  for (const next of inPlaceSchemas(schema)) {
    if (typeof next === 'object') {
      const message = endlessOrMissing(next, known, open, settled);
      if (message !== undefined) return message;
    }
  }
  if (schema.$ref !== undefined) {
    const target = known[schema.__absolute_ref__ ?? schema.$ref];
    if (target === undefined) return `the reference "${schema.$ref}" leads to nothing within the schema`;
    const message = typeof target === 'object' ? endlessOrMissing(target, known, open, settled) : undefined;
    if (message !== undefined) return message;
  }
  open.delete(schema);
  settled.add(schema);
  return undefined;
}

/** The subschemas that are applied to the same value as the schema itself. */
function inPlaceSchemas(schema: JsonSchema): readonly (JsonSchema | boolean)[] {
  const { allOf = [], anyOf = [], oneOf = [], not, if: condition, then, else: otherwise } = schema;
  const single = [not, condition, then, otherwise].filter((one) => one !== undefined);
  return [...allOf, ...anyOf, ...oneOf, ...single, ...Object.values(schema.dependentSchemas ?? {})];
}
