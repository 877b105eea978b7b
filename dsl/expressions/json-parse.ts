import type { Json } from '../json.ts';
import type { Run } from './runtime.ts';
import { isArray, isObject, raise } from './values.ts';

const numberPattern = /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;

/** A number as jq reads one from a whole text, or undefined. */
export function parseNumber(text: string): number | undefined {
  if (numberPattern.test(text)) return Number(text);
  switch (text.toLowerCase()) {
    case 'nan':
    case '-nan':
      return Number.NaN;
    case 'infinity':
    case 'inf':
      return Infinity;
    case '-infinity':
    case '-inf':
      return -Infinity;
    default:
      return undefined;
  }
}

/** A JSON text's value. `NaN` stands for a number too, as jq prints none but reads it. */
export function parseJson(text: string, run: Run): Json {
  run.tick(1 + (text.length >> 3));
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch (error) {
    if (error instanceof RangeError) run.enter(Infinity);
    return parseLoosely(text, run);
  }
  checkDepth(value, run);
  return value;
}

function parseLoosely(text: string, run: Run): Json {
  run.tick(text.length >> 1);
  const number = parseNumber(text.trim());
  if (number !== undefined) return number;
  if (text.trim() === '') return raise(`Expected JSON value (while parsing '${text}')`);
  // A string without an end goes to the end of the text, else each quote in it would be tried as a beginning.
  const bare = /"(?:[^"\\]|\\[^]?)*"?|-?\bnan\b/gi;
  const quoted = text.replace(bare, (found) => (found.startsWith('"') ? found : `{"${nanMark}":0}`));
  if (quoted !== text) {
    try {
      return reviveNan(JSON.parse(quoted) as Json, run);
    } catch {
      // What is wrong is said about the text as it was.
    }
  }
  // The JavaScript engine's own words change with its version, and a replay has to see the same.
  return raise(`Invalid JSON (while parsing '${text.slice(0, 200)}')`);
}

// A key that no JSON text can spell: this is a noncharacter, and only the replacement above writes it.
const nanMark = '\uffff\ufffe-nan';

function reviveNan(value: Json, run: Run): Json {
  run.enter(2);
  run.tick();
  let result = value;
  if (isArray(value)) result = value.map((item) => reviveNan(item, run));
  else if (isObject(value)) {
    if (Object.hasOwn(value, nanMark)) result = Number.NaN;
    else {
      const entries = Object.entries(value).map(([key, inner]) => [key, reviveNan(inner, run)] as const);
      result = Object.fromEntries(entries);
    }
  }
  run.leave(2);
  return result;
}

function checkDepth(value: Json, run: Run): void {
  if (typeof value !== 'object' || value === null) return;
  run.enter(2);
  for (const inner of Object.values(value) as readonly Json[]) checkDepth(inner, run);
  run.leave(2);
}
