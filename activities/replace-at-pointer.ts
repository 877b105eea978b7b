import { isJsonObject, pointerToken } from '../dsl/json.ts';
import type { Json } from '../dsl/json.ts';

/** The value with `replacement` where a JSON Pointer (RFC 6901) leads; nothing is changed where it leads nowhere. */
export function replaceAtPointer(value: Json, pointer: string, replacement: Json): Json {
  if (pointer === '') return replacement;
  const [head = '', ...rest] = pointer.slice(1).split('/');
  const inner = (member: Json): Json =>
    replaceAtPointer(member, rest.map((token) => `/${token}`).join(''), replacement);
  if (Array.isArray(value)) {
    return (value as readonly Json[]).map((item, index) => (String(index) === head ? inner(item) : item));
  }
  if (!isJsonObject(value)) return value;
  const members = Object.entries(value);
  return Object.fromEntries(
    members.map(([key, member]) => [key, pointerToken(key) === head ? inner(member) : member]),
  );
}
