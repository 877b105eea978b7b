/** Changes of a document, small enough to be written down. */
import { isJsonObject } from '../../dsl/json.ts';
import type { Json } from '../../dsl/json.ts';

export type Path = readonly (string | number)[];

/** Puts a value where the path leads; without a value, takes away what is there. */
export interface Edit {
  readonly path: Path;
  readonly value?: Json;
}

/** The document with the edits made, one after the other. A path that leads nowhere changes nothing. */
export function edited(document: Json, edits: readonly Edit[]): Json {
  return edits.reduce((changed, { path, value }) => placed(changed, path, value) ?? null, document);
}

function placed(holder: Json, [key, ...rest]: Path, value: Json | undefined): Json | undefined {
  if (key === undefined) return value;
  if (Array.isArray(holder)) {
    const items = [...(holder as readonly Json[])];
    const index = Number(key);
    const item = rest.length === 0 ? value : placed(items[index] ?? null, rest, value);
    items.splice(index, 1, ...(item === undefined ? [] : [item]));
    return items;
  }
  if (!isJsonObject(holder)) return holder;
  const { [key]: member = null, ...others } = holder;
  const changed = rest.length === 0 ? value : placed(member, rest, value);
  if (changed === undefined) return others;
  // A changed member keeps its place: the order of the others says nothing, but people read it.
  return Object.hasOwn(holder, key) ? { ...holder, [key]: changed } : { ...others, [key]: changed };
}
