import type { Json, JsonObject } from '../../json.ts';
import { add } from '../arithmetic.ts';
import type { Node } from '../ast.ts';
import { codeOfMany, together } from '../code.ts';
import type { Code, Emit } from '../code.ts';
import { combine } from '../compile-basics.ts';
import { findMatches, unsupportedPart } from '../regex/find-matches.ts';
import type { Match } from '../regex/find-matches.ts';
import type { Env, Run } from '../runtime.ts';
import { refuse } from '../scope.ts';
import { describe, isArray, raise, typeName, withMember } from '../values.ts';
import { forEachValue } from './define.ts';
import type { Builtin, Builtins, Call } from './define.ts';

const none: Code = { one: () => null, many: (_input, _env, emit) => emit(null), weight: 1, constant: null };

interface Request {
  readonly pattern: Json;
  readonly flags: Json;
}

/** A pattern may bring its flags along: `["pattern", "flags"]`. */
function requestOf(pattern: Json, flags: Json, run: Run): Request {
  if (!isArray(pattern)) return { pattern, flags };
  if (pattern.length > 2) return raise(`${describe(pattern, run)} cannot be matched, as it is not a string`);
  return { pattern: pattern[0] ?? null, flags: pattern[1] ?? null };
}

interface Matched {
  readonly text: string;
  readonly found: readonly Match[];
}

function matches(input: Json, request: Request, extraFlags: string, run: Run): Matched {
  const { pattern, flags } = request;
  if (typeof input !== 'string') {
    return raise(`${describe(input, run)} cannot be matched, as it is not a string`);
  }
  if (typeof pattern !== 'string') return raise(`${typeName(pattern)} not a string or array`);
  if (flags !== null && typeof flags !== 'string') return raise(`${describe(flags, run)} is not a string`);
  return { text: input, found: findMatches(input, pattern, (flags ?? '') + extraFlags, run) };
}

function matchObject(match: Match): JsonObject {
  return {
    offset: match.offset,
    length: match.length,
    string: match.text,
    captures: match.captures.map((capture) =>
      capture.text === null
        ? { offset: -1, string: null, length: 0, name: capture.name }
        : { offset: capture.offset, length: capture.length, string: capture.text, name: capture.name },
    ),
  };
}

function captureObject(match: Match): JsonObject {
  const made: Record<string, Json> = {};
  for (const { name, text } of match.captures) if (name !== null) withMember(made, name, text);
  return made;
}

function scanned(match: Match): Json {
  return match.captures.length === 0 ? match.text : match.captures.map((capture) => capture.text);
}

/** A built-in that gives something for each match. */
function forEachMatch(hasFlags: boolean, extraFlags: string, output: (match: Match) => Json): Builtin {
  return {
    code: (call) => {
      const patterns = call.code(0);
      const flags = hasFlags ? call.code(1) : none;
      return codeOfMany(
        (input, env, emit) =>
          forEachRequest(patterns, flags, input, env, (request) => {
            for (const match of matches(input, request, extraFlags, env.run).found) {
              env.run.tick();
              if (emit(output(match))) return true;
            }
            return false;
          }),
        6 + together(patterns, flags),
      );
    },
  };
}

function forEachRequest(
  patterns: Code,
  flags: Code,
  input: Json,
  env: Env,
  then: (request: Request) => boolean,
): boolean {
  return forEachValue(flags, input, env, (flag) =>
    forEachValue(patterns, input, env, (pattern) => then(requestOf(pattern, flag, env.run))),
  );
}

function test(hasFlags: boolean): Builtin {
  return {
    code: (call) => {
      const parts = [call.code(0), hasFlags ? call.code(1) : none, inputCode];
      return combine(parts, ([pattern = null, flags = null, input = null], env) => {
        return matches(input, requestOf(pattern, flags, env.run), '', env.run).found.length > 0;
      });
    },
  };
}

const inputCode: Code = { one: (input) => input, many: (input, _env, emit) => emit(input), weight: 1 };

function splitParts(input: string, found: readonly Match[]): string[] {
  const parts: string[] = [];
  let from = 0;
  for (const match of found) {
    parts.push(input.slice(from, match.index));
    from = match.index + match.text.length;
  }
  parts.push(input.slice(from));
  return parts;
}

function split(input: Json, pattern: Json, flags: Json, run: Run): string[] {
  const { text, found } = matches(input, requestOf(pattern, flags, run), 'g', run);
  return splitParts(text, found);
}

/** `sub` and `gsub`: one result for every combination that the replacement's outputs make, in jq's order. */
function substitute(hasFlags: boolean, extraFlags: string): Builtin {
  return {
    code: (call) => {
      const patterns = call.code(0);
      const replacement = call.code(1);
      const flags = hasFlags ? call.code(2) : none;
      return codeOfMany(
        (input, env, emit) =>
          forEachRequest(patterns, flags, input, env, (request) => {
            const { text, found } = matches(input, request, extraFlags, env.run);
            return replaceAll(text, found, replacement, env, emit);
          }),
        8 + together(patterns, replacement, flags),
      );
    },
  };
}

/** The n-th result takes the n-th output of every replacement; with no output at all the input stays. */
function replaceAll(
  input: string,
  found: readonly Match[],
  replacement: Code,
  env: Env,
  emit: Emit,
): boolean {
  const { run } = env;
  const gaps = splitParts(input, found);
  const results: Json[] = [];
  found.forEach((match, position) => {
    let at = 0;
    replacement.many(captureObject(match), env, (value) => {
      run.tick();
      const inserted = add(gaps[position] ?? '', value, run);
      results[at] = add(results[at] ?? null, inserted, run);
      at++;
      return false;
    });
  });
  if (results.length === 0) return emit(input);
  const rest = gaps.at(-1) ?? '';
  return results.some((result) => emit(add(result, rest, run)));
}

function splitBuiltin(output: 'array' | 'stream', hasFlags: boolean): Builtin {
  return {
    code: (call) => {
      const patterns = call.code(0);
      const flags = hasFlags ? call.code(1) : none;
      return codeOfMany(
        (input, env, emit) =>
          forEachValue(flags, input, env, (flag) =>
            forEachValue(patterns, input, env, (pattern) => {
              const parts = split(input, pattern, flag, env.run);
              env.run.tick(parts.length);
              return output === 'array' ? emit(parts) : parts.some((part) => emit(part));
            }),
          ),
        6 + together(patterns, flags),
      );
    },
  };
}

const unchecked: Builtins = {
  'test/1': test(false),
  'test/2': test(true),
  'match/1': forEachMatch(false, '', matchObject),
  'match/2': forEachMatch(true, '', matchObject),
  'capture/1': forEachMatch(false, '', captureObject),
  'capture/2': forEachMatch(true, '', captureObject),
  'scan/1': forEachMatch(false, 'g', scanned),
  'scan/2': forEachMatch(true, 'g', scanned),
  'split/2': splitBuiltin('array', true),
  'splits/1': splitBuiltin('stream', false),
  'splits/2': splitBuiltin('stream', true),
  'sub/2': substitute(false, ''),
  'sub/3': substitute(true, ''),
  'gsub/2': substitute(false, 'g'),
  'gsub/3': substitute(true, 'g'),
};

/**
 * Built-ins of regular expressions. A pattern that stands in the expression and asks for what the engine cannot do is
 * refused when the expression is compiled; one that is wrong in jq too raises when it is used, as there.
 */
export const regexBuiltins: Builtins = Object.fromEntries(
  Object.entries(unchecked).map(([signature, builtin]) => {
    const flagsAt = signature.includes('sub/') ? 2 : 1;
    const checked: Builtin = {
      code: (call) => {
        refuseUnsupported(call, flagsAt);
        return builtin.code(call);
      },
    };
    return [signature, checked];
  }),
);

function refuseUnsupported(call: Call, flagsAt: number): void {
  const [pattern] = call.node.args;
  const text = literalText(pattern);
  if (pattern === undefined || text === undefined) return;
  const part = unsupportedPart(text, literalText(call.node.args[flagsAt]) ?? '');
  if (part !== undefined) refuse(call.compiler, `In this regular expression, ${part}`, pattern);
}

function literalText(node: Node | undefined): string | undefined {
  if (node?.kind === 'literal') return typeof node.value === 'string' ? node.value : undefined;
  if (node?.kind !== 'string' || node.format !== undefined) return undefined;
  return node.parts.every((part) => typeof part === 'string') ? node.parts.join('') : undefined;
}
