/** A JSON value. The engine treats every value as immutable: a change makes a new one. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object with string keys; keys like `__proto__` are ordinary data. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/** True for JSON objects, false for arrays, null and scalars. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Serialises with object keys sorted by code unit, so that equal values give equal text (after RFC 8785). */
export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const members = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key] ?? null)}`);
  return `{${members.join(',')}}`;
}

const sizes = new WeakMap<object, number>();

/**
 * The length of the value's JSON text in bytes of UTF-8, within a few per cent: escapes count as one character.
 * Values are immutable, so the sizes of arrays and objects are remembered and asking again costs nothing.
 */
export function jsonSize(value: Json): number {
  if (typeof value === 'string') return utf8Length(value) + 2;
  if (typeof value !== 'object' || value === null) return String(value).length;
  const known = sizes.get(value);
  if (known !== undefined) return known;
  let size = 2;
  if (Array.isArray(value)) for (const item of value as readonly Json[]) size += jsonSize(item) + 1;
  else {
    const object = value as JsonObject;
    for (const key of Object.keys(object)) size += key.length + 4 + jsonSize(object[key] ?? null);
  }
  sizes.set(value, size);
  return size;
}

function utf8Length(text: string): number {
  let length = text.length;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code > 0x7f) length += code > 0x7ff && (code < 0xd800 || code > 0xdfff) ? 2 : 1;
  }
  return length;
}

/** Escapes one reference token of a JSON Pointer (RFC 6901). */
export function pointerToken(token: string | number): string {
  return String(token).replaceAll('~', '~0').replaceAll('/', '~1');
}

/** The value that a JSON Pointer (RFC 6901) names, or undefined where nothing is. */
export function atPointer(value: Json, pointer: string): Json | undefined {
  if (pointer === '') return value;
  let current: Json | undefined = value;
  for (const raw of pointer.slice(1).split('/')) {
    const token = raw.replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(current)) current = (current as readonly Json[])[Number(token)];
    else if (isJsonObject(current) && Object.hasOwn(current, token)) current = current[token];
    else return undefined;
  }
  return current;
}

/** Sees a value of a typed shape as the JSON that it is. Only for shapes that came from JSON or go there. */
export function asJson(shape: object): JsonObject {
  return shape as JsonObject;
}
