/** Says whether a JSON Schema can be used, so that a definition with a broken one is refused before anything runs. */
import { isJsonObject, pointerToken } from './json.ts';
import type { Json, JsonObject } from './json.ts';
import { referenceProblem } from './schema-references.ts';
import { schemaDraft } from './schema.ts';
import { describeValue, orList } from './wording.ts';

/** What is wrong with a schema, and where in it. */
export interface SchemaProblem {
  readonly pointer: string;
  readonly message: string;
}

/** The first reason why the schema cannot be used, or undefined where it can. */
export function schemaProblem(schema: Json): SchemaProblem | undefined {
  if (typeof schema === 'boolean') return undefined;
  if (!isJsonObject(schema)) {
    return {
      pointer: '',
      message: `expected a JSON Schema, an object or boolean, found ${describeValue(schema)}`,
    };
  }
  const draft = schemaDraft(schema);
  if (draft === undefined) {
    const message = `only draft 2020-12 and draft-07 of JSON Schema are known, found ${describeValue(schema.$schema)}`;
    return { pointer: '/$schema', message };
  }
  return subschemaProblem(schema, '') ?? inReferences(schema);
}

function inReferences(schema: JsonObject): SchemaProblem | undefined {
  const message = referenceProblem(schema);
  return message === undefined ? undefined : { pointer: '', message };
}

type Check = (value: Json, pointer: string) => SchemaProblem | undefined;

function expecting(what: string, accepts: (value: Json) => boolean): Check {
  return (value, pointer) =>
    accepts(value) ? undefined : { pointer, message: `expected ${what}, found ${describeValue(value)}` };
}

const types = ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'];
const isArray = (value: Json): value is readonly Json[] => Array.isArray(value);
const isType = (value: Json): boolean => typeof value === 'string' && types.includes(value);

const amount = expecting(
  'a whole number from 0',
  (value) => typeof value === 'number' && Number.isInteger(value) && value >= 0,
);
const number = expecting('a number', (value) => typeof value === 'number');
const text = expecting('a string', (value) => typeof value === 'string');
const names = expecting(
  'an array of strings',
  (value) => isArray(value) && value.every((item) => typeof item === 'string'),
);

const pattern: Check = (value, pointer) =>
  text(value, pointer) ?? (typeof value === 'string' ? patternProblem(value, pointer) : undefined);

function patternProblem(source: string, pointer: string): SchemaProblem | undefined {
  try {
    new RegExp(source, 'u');
    return undefined;
  } catch {
    return { pointer, message: `${describeValue(source)} is no valid regular expression` };
  }
}

const schemaList: Check = (value, pointer) =>
  isArray(value)
    ? firstOf(value.entries(), (item, index) => subschemaProblem(item, `${pointer}/${index}`))
    : { pointer, message: `expected an array of schemas, found ${describeValue(value)}` };

const schemaMap: Check = (value, pointer) => mapProblem(value, pointer, subschemaProblem);

function mapProblem(value: Json, pointer: string, check: Check): SchemaProblem | undefined {
  if (!isJsonObject(value)) return { pointer, message: `expected an object, found ${describeValue(value)}` };
  return firstOf(Object.entries(value), (member, key) => check(member, `${pointer}/${pointerToken(key)}`));
}

function firstOf<Key>(
  entries: Iterable<readonly [Key, Json]>,
  problemOf: (value: Json, key: Key) => SchemaProblem | undefined,
): SchemaProblem | undefined {
  for (const [key, value] of entries) {
    const problem = problemOf(value, key);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

const unsupported: Check = (_value, pointer) => ({
  pointer,
  message: 'dynamic and recursive references are not supported; use $ref',
});

const patternMap: Check = (value, pointer) =>
  mapProblem(value, pointer, subschemaProblem) ??
  mapKeyProblem(value, (key) => patternProblem(key, `${pointer}/${pointerToken(key)}`));

function mapKeyProblem(
  value: Json,
  problemOf: (key: string) => SchemaProblem | undefined,
): SchemaProblem | undefined {
  return isJsonObject(value) ? firstOf(Object.entries(value), (_member, key) => problemOf(key)) : undefined;
}

const dependencies: Check = (value, pointer) =>
  mapProblem(value, pointer, (member, at) => (isArray(member) ? names : subschemaProblem)(member, at));

/** What each keyword takes. Unknown keywords are annotations and take anything. */
const forms: readonly (readonly [Check, readonly string[]])[] = [
  [
    subschemaProblem,
    [
      'additionalItems',
      'additionalProperties',
      'contains',
      'else',
      'if',
      'not',
      'propertyNames',
      'then',
      'unevaluatedItems',
      'unevaluatedProperties',
    ],
  ],
  [schemaList, ['allOf', 'anyOf', 'oneOf', 'prefixItems']],
  [(value, pointer) => (isArray(value) ? schemaList : subschemaProblem)(value, pointer), ['items']],
  [schemaMap, ['$defs', 'definitions', 'dependentSchemas', 'properties']],
  [patternMap, ['patternProperties']],
  [dependencies, ['dependencies']],
  [(value, pointer) => mapProblem(value, pointer, names), ['dependentRequired']],
  [text, ['$anchor', '$id', '$ref', 'format']],
  [pattern, ['pattern']],
  [names, ['required']],
  [number, ['exclusiveMaximum', 'exclusiveMinimum', 'maximum', 'minimum']],
  [expecting('a number above 0', (value) => typeof value === 'number' && value > 0), ['multipleOf']],
  [
    amount,
    [
      'maxContains',
      'maxItems',
      'maxLength',
      'maxProperties',
      'minContains',
      'minItems',
      'minLength',
      'minProperties',
    ],
  ],
  [expecting('true or false', (value) => typeof value === 'boolean'), ['uniqueItems']],
  [expecting('an array of values', isArray), ['enum']],
  [
    expecting(
      `one of the types ${orList(types)}`,
      (value) => isType(value) || (isArray(value) && value.length > 0 && value.every(isType)),
    ),
    ['type'],
  ],
  [unsupported, ['$dynamicRef', '$recursiveRef']],
];

const keywords = new Map(
  forms.flatMap(([check, known]) => known.map((keyword) => [keyword, check] as const)),
);

function subschemaProblem(schema: Json, pointer: string): SchemaProblem | undefined {
  if (typeof schema === 'boolean') return undefined;
  if (!isJsonObject(schema)) {
    return { pointer, message: `expected a schema, an object or boolean, found ${describeValue(schema)}` };
  }
  return firstOf(Object.entries(schema), (value, key) =>
    keywords.get(key)?.(value, `${pointer}/${pointerToken(key)}`),
  );
}
