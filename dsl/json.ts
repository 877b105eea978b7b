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
 * The length of the value's JSON text in bytes of UTF-8. Objects and arrays count one comma too many.
 * Values are immutable, so the sizes of arrays and objects are remembered and asking again costs nothing.
 */
export function jsonSize(value: Json): number {
  if (typeof value === 'string') return textSize(value);
  if (typeof value !== 'object' || value === null) return String(value).length;
  const known = sizes.get(value);
  if (known !== undefined) return known;
  let size = 2;
  if (Array.isArray(value)) for (const item of value as readonly Json[]) size += jsonSize(item) + 1;
  else {
    const object = value as JsonObject;
    for (const key of Object.keys(object)) size += textSize(key) + 2 + jsonSize(object[key] ?? null);
  }
  sizes.set(value, size);
  return size;
}

function textSize(text: string): number {
  let size = text.length + 2;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code > 0x7f) size += code > 0x7ff && (code < 0xd800 || code > 0xdfff) ? 2 : 1;
    else if (code < 0x20) size += shortEscapes.has(code) ? 1 : 5;
    else if (code === 0x22 || code === 0x5c) size += 1;
  }
  // Halves of surrogate pairs counted two each so far; one that stands alone is written as an escape of six.
  if (!text.isWellFormed()) size += 4 * loneSurrogates(text);
  return size;
}

// \b \t \n \f \r; other control characters are written as \u0000.
const shortEscapes = new Set([8, 9, 10, 12, 13]);

function loneSurrogates(text: string): number {
  return text.match(/\p{Surrogate}/gu)?.length ?? 0;
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
