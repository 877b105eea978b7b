/** One sentence for one failed keyword of a JSON Schema. */
import type { OutputUnit } from '@cfworker/json-schema';
import { atPointer } from './json.ts';
import type { Json } from './json.ts';
import { describeValue, nameOfKind, orList } from './wording.ts';

/** What is wrong, what was expected and what was found, without a pointer. */
export function messageOf(unit: OutputUnit, schema: Json, value: Json): string {
  const limit = keywordValue(unit, schema);
  const bound = typeof limit === 'string' ? limit : JSON.stringify(limit);
  const actual = (): string => describeFound(unit, value);
  if (unit.keyword === 'false') return 'is not expected here';
  if (limit === undefined) return plainWords(unit);
  switch (unit.keyword) {
    case 'type':
      return `expected ${orList(expectedTypes(unit, schema))}, found ${actual()}`;
    case 'const':
      return `expected ${JSON.stringify(limit)}, found ${actual()}`;
    case 'enum':
      return `expected ${orList(listed(limit))}, found ${actual()}`;
    case 'required':
      return `the required property ${quotedIn(unit.error)} is missing`;
    case 'minimum':
      return `must be at least ${bound}, found ${actual()}`;
    case 'maximum':
      return `must be at most ${bound}, found ${actual()}`;
    case 'exclusiveMinimum':
      return `must be more than ${bound}, found ${actual()}`;
    case 'exclusiveMaximum':
      return `must be less than ${bound}, found ${actual()}`;
    case 'multipleOf':
      return `must be a multiple of ${bound}, found ${actual()}`;
    case 'minLength':
      return `must have at least ${count(limit, 'character')}`;
    case 'maxLength':
      return `must have at most ${count(limit, 'character')}`;
    case 'pattern':
      return `must match the pattern ${bound}, found ${actual()}`;
    case 'format':
      return `must be a valid ${bound}, found ${actual()}`;
    case 'minItems':
      return `must have at least ${count(limit, 'item')}`;
    case 'maxItems':
      return `must have at most ${count(limit, 'item')}`;
    case 'uniqueItems':
      return unit.error.replace(
        /^Duplicate items at indexes (\d+) and (\d+)\.$/,
        'items $1 and $2 are equal',
      );
    case 'contains':
      return 'has no item like the one that is required';
    case 'minContains':
    case 'maxContains':
      return `must have ${unit.keyword === 'minContains' ? 'at least' : 'at most'} ${count(limit, 'item')} like the one that is described`;
    case 'minProperties':
      return `must have at least ${count(limit, 'property', 'properties')}`;
    case 'maxProperties':
      return `must have at most ${count(limit, 'property', 'properties')}`;
    case 'propertyNames':
      return `the property name ${quotedIn(unit.error)} is not allowed`;
    case 'not':
      return 'has a form that is not allowed here';
    default:
      return plainWords(unit);
  }
}

function plainWords(unit: OutputUnit): string {
  return unit.error.replace(/^Instance/, 'the value').replace(/\.$/, '');
}

/** The types that the schema allows at the failed place, in words. */
export function expectedTypes(unit: OutputUnit, schema: Json): readonly string[] {
  const types = keywordValue(unit, schema);
  const names: readonly Json[] = Array.isArray(types) ? (types as readonly Json[]) : [types ?? 'value'];
  return names.map((type) => nameOfKind(typeof type === 'string' ? type : 'value'));
}

function listed(values: Json): readonly string[] {
  return Array.isArray(values) ? (values as readonly Json[]).map((value) => JSON.stringify(value)) : [];
}

function count(amount: Json, singular: string, plural = `${singular}s`): string {
  return `${JSON.stringify(amount)} ${amount === 1 ? singular : plural}`;
}

/** The validator names a property only in its message, between quotes. */
function quotedIn(message: string): string {
  return /"[^]*"/.exec(message)?.[0] ?? '';
}

/** The value at the failed place, in words. */
export function describeFound(unit: OutputUnit, value: Json): string {
  return describeValue(atPointer(value, pointerOf(unit)));
}

/** JSON Pointer to the failed place. */
export function pointerOf(unit: OutputUnit): string {
  return decodeURI(unit.instanceLocation.slice(1));
}

/** What the schema says for the keyword that failed; `$ref` steps within the schema are followed. */
function keywordValue(unit: OutputUnit, schema: Json): Json | undefined {
  let current: Json | undefined = schema;
  for (const token of decodeURI(unit.keywordLocation.slice(1)).split('/').slice(1)) {
    if (current === undefined) return undefined;
    current = atPointer(current, `/${token}`);
    if (token === '$ref' && typeof current === 'string') {
      // References by anchor or identifier are rare: their failures are told in the validator's words.
      current = /^#(?:\/|$)/.test(current)
        ? atPointer(schema, decodeURIComponent(current.slice(1)))
        : undefined;
    }
  }
  return current;
}
