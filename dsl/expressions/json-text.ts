import { abs, isArray, isFinite, isInteger, isNaN, keysOf } from './intrinsics.ts';
import type { Json, JsonObject } from '../json.ts';
import type { Run } from './runtime.ts';

/**
 * A number as jq prints one after arithmetic: shortest digits that read back the same; an exponent from 1e-5 down, and
 * where there would be many zeros. NaN is null, and infinities are the greatest numbers, since JSON has neither.
 */
export function numberText(value: number): string {
  if (isNaN(value)) return 'null';
  if (!isFinite(value)) return value > 0 ? '1.7976931348623157e+308' : '-1.7976931348623157e+308';
  if (isInteger(value) && abs(value) < 1e15) return Object.is(value, -0) ? '-0' : String(value);
  const [mantissa = '', power = ''] = value.toExponential().split('e');
  const digits = mantissa.replace(/[-.]/g, '');
  const point = Number(power) + 1;
  if (point > -4 && point <= digits.length + 15) return plain(value < 0 ? '-' : '', digits, point);
  const sign = Number(power) < 0 ? '-' : '+';
  return `${mantissa}e${sign}${String(abs(Number(power))).padStart(2, '0')}`;
}

function plain(sign: string, digits: string, point: number): string {
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  if (point >= digits.length) return sign + digits.padEnd(point, '0');
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** The JSON text of a value, members in their order. With `enough`, what follows that many characters may be missing. */
export function toJson(value: Json, run: Run, enough = Infinity): string {
  const writer: Writer = { run, enough, text: '' };
  write(value, writer);
  return writer.text;
}

interface Writer {
  readonly run: Run;
  readonly enough: number;
  text: string;
}

function write(value: Json, writer: Writer): void {
  if (writer.text.length > writer.enough) return;
  if (typeof value === 'string') writeText(value, writer);
  else if (typeof value === 'number') {
    const text = numberText(value);
    // Fractions and large numbers take much longer to write than small whole ones.
    writer.run.tick(text.length >> 2);
    append(writer, text);
  } else if (typeof value === 'boolean' || value === null) append(writer, String(value));
  else {
    const { run } = writer;
    run.enter(2);
    if (isArray(value)) writeArray(value, writer);
    else writeObject(value, writer);
    run.leave(2);
  }
}

function writeText(text: string, writer: Writer): void {
  writer.run.tickText(text.length);
  const shown = text.length > writer.enough ? text.slice(0, writer.enough + 1) : text;
  append(writer, JSON.stringify(shown).replaceAll('\u007f', '\\u007f'));
}

function writeArray(array: readonly Json[], writer: Writer): void {
  append(writer, '[');
  for (let index = 0; index < array.length; index++) {
    if (index > 0) append(writer, ',');
    write(array[index] ?? null, writer);
    if (writer.text.length > writer.enough) return;
  }
  append(writer, ']');
}

function writeObject(object: JsonObject, writer: Writer): void {
  let first = true;
  append(writer, '{');
  const keys = keysOf(object);
  writer.run.tick(keys.length >> 2);
  for (const key of keys) {
    if (!first) append(writer, ',');
    first = false;
    writeText(key, writer);
    append(writer, ':');
    write(object[key] ?? null, writer);
    if (writer.text.length > writer.enough) return;
  }
  append(writer, '}');
}

function append(writer: Writer, text: string): void {
  writer.run.tickText(text.length);
  writer.text += text;
  writer.run.checkText(writer.text.length);
}
