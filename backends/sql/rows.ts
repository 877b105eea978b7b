/** Rows as JSON: what a system's types become, and how many rows are taken. */
import { isJsonObject } from '../../dsl/json.ts';
import type { Json, JsonObject } from '../../dsl/json.ts';
import { SqlError } from './errors.ts';

/** Takes rows up to a number and a size; fails with a `too-large` {@link SqlError} for one more. */
export interface RowCollector {
  add(row: JsonObject): void;
  readonly rows: readonly JsonObject[];
}

export function collectRows(limits: { readonly maxRows: number; readonly maxBytes: number }): RowCollector {
  const { maxRows, maxBytes } = limits;
  const rows: JsonObject[] = [];
  let bytes = 0;
  return {
    rows,
    add(row) {
      if (rows.length === maxRows)
        throw new SqlError('too-large', `the answer has more than ${maxRows} rows`);
      bytes += Buffer.byteLength(JSON.stringify(row));
      if (bytes > maxBytes) {
        throw new SqlError('too-large', `the rows of the answer take more than ${maxBytes} bytes as JSON`);
      }
      rows.push(row);
    },
  };
}

/** A whole number: a number where that holds it exactly, else its decimal text. */
export function integerJson(value: string | bigint | number): Json {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

/** Infinity and NaN have no JSON: they become texts. */
export function floatJson(value: number): Json {
  return Number.isFinite(value) ? value : String(value);
}

/** Bytes, in Base64. */
export function bytesJson(value: Uint8Array): string {
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64');
}

/** `2026-01-02 03:04:05.6+00` in the form of ISO 8601; what is no such time, as `infinity`, stays. */
export function timeJson(text: string): string {
  return /^\d{4}-\d\d-\d\d \d/.test(text) ? text.replace(' ', 'T').replace(/\+00(?::?00)?$/, 'Z') : text;
}

/** A parameter as a system takes it: lists and objects are JSON text. */
export function plainParameter(value: Json): string | number | boolean | null {
  return Array.isArray(value) || isJsonObject(value)
    ? JSON.stringify(value)
    : (value as Exclude<Json, object>);
}
