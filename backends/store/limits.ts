/** What every store takes and refuses, checked here so that all databases agree; and the form of cursors. */
import type { Json } from '../../dsl/json.ts';
import { StoreError } from './errors.ts';

const maxKeyBytes = 1_024;
const maxValueBytes = 4 * 1024 * 1024;
const maxPageSize = 1_000;

/** Values of one page stop at about this many characters of JSON, however high its limit is. */
export const maxPageCharacters = 8 * 1024 * 1024;

/** Fails for an empty or too long key, and for text that has no UTF-8: two such keys would become one. */
export function checkKey(key: string): void {
  if (key === '') throw new StoreError('invalid', 'A key must not be empty');
  checkPrefix(key);
}

/** As {@link checkKey}, but the empty prefix is the prefix of all keys. */
export function checkPrefix(prefix: string): void {
  if (!prefix.isWellFormed()) {
    throw new StoreError('invalid', `The key ${JSON.stringify(prefix)} holds a lone surrogate`);
  }
  const bytes = Buffer.byteLength(prefix);
  if (bytes > maxKeyBytes) {
    throw new StoreError(
      'invalid',
      `A key takes at most ${maxKeyBytes} bytes of UTF-8, this one has ${bytes}`,
    );
  }
}

/** The value's JSON text; fails when it is larger than a store takes. */
export function valueText(key: string, value: Json): string {
  const text = JSON.stringify(value);
  const bytes = Buffer.byteLength(text);
  if (bytes > maxValueBytes) {
    throw new StoreError(
      'invalid',
      `The value of ${JSON.stringify(key)} has ${bytes} bytes of JSON, a store takes ${maxValueBytes}`,
    );
  }
  return text;
}

export function checkLimit(limit: number): void {
  if (!Number.isInteger(limit) || limit < 1 || limit > maxPageSize) {
    throw new StoreError(
      'invalid',
      `A page's limit is a whole number from 1 to ${maxPageSize}, not ${limit}`,
    );
  }
}

/** A cursor that goes on behind `key`, safe in URLs. */
export function cursorAfter(key: string): string {
  return Buffer.from(key).toString('base64url');
}

/** The key that a cursor goes on behind; fails for a cursor that no scan of this prefix gave. */
export function keyOfCursor(cursor: string, prefix: string): string {
  const key = Buffer.from(cursor, 'base64url').toString();
  if (key === '' || !key.startsWith(prefix) || cursorAfter(key) !== cursor) {
    throw new StoreError('invalid', `${JSON.stringify(cursor)} is not a cursor of this list`);
  }
  return key;
}

/**
 * The lowest key above every key with this prefix in code point order, or undefined when there is none. (The database
 * compares bytes of UTF-8, which is the same order.)
 */
export function endOfPrefix(prefix: string): string | undefined {
  const points = Array.from(prefix);
  for (let last = points.pop(); last !== undefined; last = points.pop()) {
    const point = last.codePointAt(0) ?? 0;
    // Surrogates are no code points of a text: U+E000 comes after U+D7FF.
    if (point < 0x10ffff)
      return points.join('') + String.fromCodePoint(point === 0xd7ff ? 0xe000 : point + 1);
  }
  return undefined;
}
