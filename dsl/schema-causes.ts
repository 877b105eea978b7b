/** Turns the JSON Schema validator's tree of failures into the few sentences that a person needs. */
import type { OutputUnit } from '@cfworker/json-schema';
import type { Json } from './json.ts';
import { describeFound, expectedTypes, messageOf, pointerOf } from './schema-messages.ts';
import { orList } from './wording.ts';

interface Cause {
  readonly pointer: string;
  readonly message: string;
}

/** Keywords whose failure only says that something inside failed, which is listed as well. */
const wrappers = new Set([
  '$ref',
  '$recursiveRef',
  'additionalItems',
  'additionalProperties',
  'allOf',
  'dependentSchemas',
  'if',
  'items',
  'patternProperties',
  'prefixItems',
  'properties',
  'unevaluatedItems',
  'unevaluatedProperties',
]);

// A person reads ten causes; a list with half a million wrong items has as many, and sifting them all takes minutes.
const mostUnits = 1_000;

/** The deepest causes of a failed validation, in the order of the schema, each once. */
export function rootCauses(units: readonly OutputUnit[], schema: Json, value: Json): readonly Cause[] {
  const causes = new Map<string, Cause>();
  for (const cause of collect(located(units.slice(0, mostUnits)), schema, value)) {
    causes.set(`${cause.pointer} ${cause.message}`, cause);
  }
  return [...causes.values()];
}

// A `false` schema reports the place in the value where its place in the schema belongs; the unit before it is its parent.
function located(units: readonly OutputUnit[]): readonly OutputUnit[] {
  return units.map((unit, index) => {
    const parent = units[index - 1];
    return unit.keyword === 'false' && parent !== undefined
      ? { ...unit, keywordLocation: parent.keywordLocation }
      : unit;
  });
}

function collect(units: readonly OutputUnit[], schema: Json, value: Json): Cause[] {
  const causes: Cause[] = [];
  for (let index = 0; index < units.length; index++) {
    const unit = units[index];
    if (unit === undefined || wrappers.has(unit.keyword) || isInsideFailedContains(unit, units)) continue;
    const inner = unitsInside(unit, units.slice(index + 1));
    if (unit.keyword === 'anyOf' || unit.keyword === 'oneOf') {
      causes.push(...alternativeCauses(unit, inner, schema, value));
      index += inner.length;
    } else {
      causes.push({ pointer: pointerOf(unit), message: messageOf(unit, schema, value) });
      if (unit.keyword === 'propertyNames') index += inner.length;
    }
  }
  return causes;
}

function unitsInside(unit: OutputUnit, following: readonly OutputUnit[]): readonly OutputUnit[] {
  const end = following.findIndex(
    (candidate) =>
      candidate.keywordLocation !== unit.keywordLocation &&
      !candidate.keywordLocation.startsWith(`${unit.keywordLocation}/`),
  );
  return end === -1 ? following : following.slice(0, end);
}

// Why each single item is not the one looked for is no news when none of them was.
function isInsideFailedContains(unit: OutputUnit, units: readonly OutputUnit[]): boolean {
  return units.some(
    ({ keyword, keywordLocation }) =>
      (keyword === 'contains' || keyword === 'minContains' || keyword === 'maxContains') &&
      unit.keywordLocation.startsWith(`${keywordLocation.replace(/\/[^/]*$/, '/contains')}/`),
  );
}

/** Of several alternatives, the causes within the one that was evidently meant; else one sentence about all. */
function alternativeCauses(
  unit: OutputUnit,
  inner: readonly OutputUnit[],
  schema: Json,
  value: Json,
): Cause[] {
  const pointer = pointerOf(unit);
  if (/\(([1-9]\d*) matches\)/.test(unit.error)) {
    return [{ pointer, message: 'matches more than one alternative where exactly one is allowed' }];
  }
  const branches = Map.groupBy(inner, (candidate) =>
    candidate.keywordLocation.slice(unit.keywordLocation.length + 1).replace(/\/.*/, ''),
  );
  const misfits = [...branches.values()].map((branch) => misfit(branch, unit.instanceLocation));
  const least = Math.min(...misfits);
  const candidates = [...branches.values()].filter((_branch, index) => misfits[index] === least);
  const [only] = candidates;
  if (only !== undefined && candidates.length === 1) return collect(only, schema, value);

  const types = inner.filter(
    (candidate) => candidate.keyword === 'type' && candidate.instanceLocation === unit.instanceLocation,
  );
  if (types.length === branches.size) {
    const expected = types.flatMap((candidate) => expectedTypes(candidate, schema));
    return [
      { pointer, message: `expected ${orList([...new Set(expected)])}, found ${describeFound(unit, value)}` },
    ];
  }
  return [{ pointer, message: `matches none of the ${branches.size} alternatives that are allowed here` }];
}

/** How far a branch is from what was meant: 2 for another type, 1 for another discriminating value, else 0. */
function misfit(branch: readonly OutputUnit[], instanceLocation: string): number {
  if (branch.some(({ keyword, instanceLocation: at }) => keyword === 'type' && at === instanceLocation))
    return 2;
  return branch.some(({ keyword }) => keyword === 'const' || keyword === 'enum') ? 1 : 0;
}
