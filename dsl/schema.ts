/** Checks data against JSON Schema: the inputs, outputs and exports of workflows and tasks ("Schema" in the reference). */
import { Validator } from '@cfworker/json-schema';
import type { OutputUnit, Schema as JsonSchema, SchemaDraft } from '@cfworker/json-schema';
import { isJsonObject } from './json.ts';
import type { Json, JsonObject } from './json.ts';
import { rootCauses } from './schema-causes.ts';

/** One thing that is wrong with a value, in words for the person who sent it. */
export interface SchemaViolation {
  /** JSON Pointer to the value that is wrong, or to the object that lacks a member. */
  readonly pointer: string;
  readonly message: string;
}

const maxViolations = 10;

/**
 * What keeps the value from matching the schema: the deepest causes only, at most 10; empty when it matches.
 * The schema is read as draft 2020-12 unless its `$schema` names draft-07. It must have passed `schemaProblem`.
 */
export function schemaViolations(schema: Json, value: Json): readonly SchemaViolation[] {
  if (schema === true) return [];
  if (schema === false) return [{ pointer: '', message: 'no value is allowed here' }];
  if (!isJsonObject(schema)) throw new TypeError('A JSON Schema is an object or a boolean');
  const compiled = compile(schema);
  try {
    if (compiled.quick.validate(value).valid) return [];
    return rootCauses(failures(compiled, value), schema, value).slice(0, maxViolations);
  } catch (error) {
    // The validator walks by recursion: the only RangeError is a value nested deeper than the stack.
    if (!(error instanceof RangeError)) throw error;
    return [{ pointer: '', message: 'the value is nested too deeply to be checked' }];
  }
}

/** The draft that `$schema` names, or undefined where Perdure has no validator for it. */
export function schemaDraft(schema: JsonObject): SchemaDraft | undefined {
  const dialect = schema.$schema;
  if (dialect === undefined) return '2020-12';
  if (typeof dialect !== 'string') return undefined;
  const name = dialect.replace(/^https?:\/\/json-schema\.org\//, '').replace(/#$/, '');
  if (name === 'draft/2020-12/schema') return '2020-12';
  return name === 'draft-07/schema' ? '7' : undefined;
}

interface CompiledSchema {
  readonly quick: Validator;
  readonly thorough: Validator;
}

const compiledSchemas = new WeakMap<JsonObject, CompiledSchema>();

function compile(source: JsonObject): CompiledSchema {
  const known = compiledSchemas.get(source);
  if (known !== undefined) return known;
  const draft = schemaDraft(source) ?? '2020-12';
  const schema = mutableCopy(source);
  const compiled = {
    quick: new Validator(schema, draft, true),
    thorough: new Validator(schema, draft, false),
  };
  compiledSchemas.set(source, compiled);
  return compiled;
}

/** The validator notes addresses on the schema objects, and a definition is immutable: it gets a copy. */
export function mutableCopy(schema: JsonObject): JsonSchema {
  return JSON.parse(JSON.stringify(schema)) as JsonSchema;
}

function failures(compiled: CompiledSchema, value: Json): readonly OutputUnit[] {
  try {
    return compiled.thorough.validate(value).errors;
  } catch (error) {
    // Hundreds of thousands of failures do not fit the validator's stack; the first ones always do.
    if (!(error instanceof RangeError)) throw error;
    return compiled.quick.validate(value).errors;
  }
}
