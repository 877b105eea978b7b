import { abs, keysOf } from '../intrinsics.ts';
import type { Json } from '../../json.ts';
import { codeOfOne } from '../code.ts';
import type { Code } from '../code.ts';
import { Raised } from '../errors.ts';
import { formatByName, toText } from '../formats.ts';
import { parseJson, parseNumber } from '../json-parse.ts';
import { toJson } from '../json-text.ts';
import type { Run } from '../runtime.ts';
import { describe, isArray, isObject, isTruthy, raise, typeName, utf8Length } from '../values.ts';
import { natives } from './define.ts';
import type { Builtins } from './define.ts';

/** `length`: code points, items, members, or the absolute value of a number. */
export function length(value: Json, run: Run): number {
  if (value === null) return 0;
  if (typeof value === 'number') return abs(value);
  if (typeof value === 'string') return codePoints(value, run);
  if (isArray(value)) return value.length;
  if (isObject(value)) {
    const count = keysOf(value).length;
    run.tick(count);
    return count;
  }
  return raise(`${describe(value, run)} has no length`);
}

function codePoints(text: string, run: Run): number {
  run.tick(1 + (text.length >> 3));
  let count = text.length;
  for (let at = 0; at < text.length - 1; at++) {
    const unit = text.charCodeAt(at);
    if (unit >= 0xd800 && unit <= 0xdbff) {
      const next = text.charCodeAt(at + 1);
      if (next >= 0xdc00 && next <= 0xdfff) count--;
    }
  }
  return count;
}

function toNumber(value: Json, run: Run): Json {
  if (typeof value === 'number') return value;
  if (typeof value === 'string') run.tickText(value.length);
  const parsed = typeof value === 'string' ? parseNumber(value) : undefined;
  return parsed ?? raise(`${describe(value, run)} cannot be parsed as a number`);
}

function toBoolean(value: Json, run: Run): Json {
  if (typeof value === 'boolean') return value;
  if (value === 'true' || value === 'false') return value === 'true';
  return raise(`${describe(value, run)} cannot be parsed as a boolean`);
}

function absolute(value: Json, run: Run): Json {
  if (typeof value === 'number') return value < 0 ? -value : value;
  if (value === null || typeof value === 'boolean') return raise(`${describe(value, run)} cannot be negated`);
  return value;
}

/** Takes an output and asks for the next. */
function ignore(): boolean {
  return false;
}

// Values that are raised can be as large as any.
const maxShown = 1_000;

function raiseValue(value: Json, run: Run): never {
  if (typeof value === 'string') return raise(value);
  const text = toJson(value, run, maxShown);
  const shown = text.length > maxShown ? `${text.slice(0, maxShown)}...` : text;
  throw new Raised(value, `(not a string): ${shown}`);
}

function constant(make: () => Json): { code(): Code } {
  return { code: () => codeOfOne(() => make(), 1) };
}

/** Types, conversions, constants and errors. */
export const coreBuiltins: Builtins = {
  'empty/0': { code: () => codeOfOne(() => undefined, 1), paths: () => () => false },
  'infinite/0': constant(() => Infinity),
  'nan/0': constant(() => Number.NaN),
  'null/0': constant(() => null),
  'true/0': constant(() => true),
  'false/0': constant(() => false),
  // jq keeps the digits of number literals; here a number is a double from the start.
  'have_literal_numbers/0': constant(() => false),
  'have_decnum/0': constant(() => false),
  'now/0': { code: () => codeOfOne((_input, env) => env.run.environment.now() / 1000, 1) },
  'debug/0': {
    code: () => codeOfOne((input) => input, 1),
    paths: () => (path, value, _env, emit) => emit(path, value),
  },
  // Nobody reads the messages, but what fails in them fails.
  'debug/1': {
    code: (call) => {
      const messages = call.code(0);
      return codeOfOne((input, env) => {
        messages.many(input, env, ignore);
        return input;
      }, 2 + messages.weight);
    },
    paths: (call) => {
      const messages = call.code(0);
      return (path, value, env, emit) => {
        messages.many(value, env, ignore);
        return emit(path, value);
      };
    },
  },
  ...natives({
    'not/0': (input) => !isTruthy(input),
    'error/0': (input, _args, run) => raiseValue(input, run),
    'error/1': (_input, [value = null], run) => raiseValue(value, run),
    'length/0': (input, _args, run) => length(input, run),
    'utf8bytelength/0': (input, _args, run) => {
      if (typeof input !== 'string')
        return raise(`${describe(input, run)} only strings have UTF-8 byte length`);
      run.tick(1 + (input.length >> 3));
      return utf8Length(input);
    },
    'type/0': (input) => typeName(input),
    'tostring/0': (input, _args, run) => toText(input, run),
    'tojson/0': (input, _args, run) => toJson(input, run),
    'fromjson/0': (input, _args, run) => {
      if (typeof input !== 'string') return raise(`${describe(input, run)} only strings can be parsed`);
      return parseJson(input, run);
    },
    'tonumber/0': (input, _args, run) => toNumber(input, run),
    'toboolean/0': (input, _args, run) => toBoolean(input, run),
    'toarray/0': (input) => (isArray(input) ? input : [input]),
    'abs/0': (input, _args, run) => absolute(input, run),
    'format/1': (input, [name = null], run) => formatByName(input, name, run),
  }),
};
