/** The places in documents where something can be changed, and what stands in places of the same role elsewhere. */
import { isJsonObject } from '../../dsl/json.ts';
import type { Json } from '../../dsl/json.ts';
import type { Path } from './edit.ts';

export interface Spot {
  readonly path: Path;
  readonly value: Json;
  /** What the place is for: its field, with `[]` for items and `*` for names that authors choose. */
  readonly role: string;
}

const namedFields = new Set([
  'authentications',
  'catalogs',
  'correlate',
  'errors',
  'functions',
  'retries',
  'timeouts',
]);

/** Every place of a document, the whole of it first. */
export function spotsOf(value: Json, path: Path = [], role = ''): readonly Spot[] {
  const spot = { path, value, role };
  if (Array.isArray(value)) {
    const items = value as readonly Json[];
    return [spot, ...items.flatMap((item, index) => spotsOf(item, [...path, index], `${role}[]`))];
  }
  if (!isJsonObject(value)) return [spot];
  // Items of lists hold one named thing; so do some fields.
  const isNamed = role.endsWith('[]') || namedFields.has(role);
  return [
    spot,
    ...Object.entries(value).flatMap(([key, member]) =>
      spotsOf(member, [...path, key], isNamed ? `${role}*` : key),
    ),
  ];
}

/** What the seeds have in the places of each role, and which members objects of each role have. */
export interface Pool {
  readonly values: ReadonlyMap<string, readonly Json[]>;
  readonly members: ReadonlyMap<string, readonly (readonly [string, Json])[]>;
  /** All names of fields. */
  readonly names: readonly string[];
}

export function poolOf(seeds: readonly Json[]): Pool {
  const values = new Map<string, Json[]>();
  const members = new Map<string, (readonly [string, Json])[]>();
  const names = new Set<string>();
  for (const { role, value } of seeds.flatMap((seed) => spotsOf(seed))) {
    values.set(role, [...(values.get(role) ?? []), value]);
    if (!isJsonObject(value)) continue;
    members.set(role, [...(members.get(role) ?? []), ...Object.entries(value)]);
    for (const name of Object.keys(value)) names.add(name);
  }
  return { values, members, names: [...names] };
}
