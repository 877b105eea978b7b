import type { Run } from '../runtime.ts';
import { raise } from '../values.ts';
import { compilePattern } from './compile-pattern.ts';
import { RegexSyntaxError, UnsupportedRegex } from './errors.ts';
import { Matcher } from './matcher.ts';
import type { Program } from './program.ts';
import { widthAt } from './steps.ts';

/** A group of a match; text is null where it took no part. */
interface Capture {
  readonly offset: number;
  readonly length: number;
  readonly text: string | null;
  readonly name: string | null;
}

/** Offsets and lengths count code points; `index` counts UTF-16 units. */
export interface Match {
  readonly index: number;
  readonly offset: number;
  readonly length: number;
  readonly text: string;
  readonly captures: readonly Capture[];
}

// A pattern is used for every item of a list; compiling it costs far more than a match. By flags and pattern, until
// so many instructions are held.
const maxInstructions = 20_000;
const programs = new Map<string, Map<string, Program>>();
let instructionsHeld = 0;

/** The matches of a pattern: the first, or with flag `g` all. The flags are jq's: g i x s n l p m. */
export function findMatches(text: string, pattern: string, flags: string, run: Run): readonly Match[] {
  if (!/^[gixsnlpm]*$/.test(flags)) raise(`${flags} is not a valid modifier string`);
  run.tick(16 + pattern.length + (text.length >> 7));
  const program = programOf(pattern, flags, run);
  // The same whether it was compiled before or not.
  tickCompile(pattern.length + program.instructions.length, run);
  const options = { longest: flags.includes('l'), notEmpty: flags.includes('n') };
  const matcher = new Matcher(program, text, options, (work) => run.tickRegex(work));
  const found: Match[] = [];
  let offsets: ((index: number) => number) | undefined;
  let from = 0;
  while (from <= text.length && matcher.find(from)) {
    run.tick(4 + program.groupNames.length);
    offsets ??= codePointOffsets(text, run);
    found.push(toMatch(text, matcher.slots, offsets, program.groupNames));
    if (!flags.includes('g')) break;
    const [start = 0, end = 0] = matcher.slots;
    from = start < end ? end : end + widthAt(text, end);
  }
  return found;
}

/** Of long patterns only few are kept, so that they count as compiled each time. */
function tickCompile(size: number, run: Run): void {
  run.tickRegex(size > 500 ? size << 5 : size << 1);
}

/** What the engine cannot do that a pattern asks for, or undefined. Patterns that jq refuses too ask for nothing. */
export function unsupportedPart(pattern: string, flags: string): string | undefined {
  try {
    compile(pattern, flags);
    return undefined;
  } catch (error) {
    if (error instanceof UnsupportedRegex) return error.message;
    if (error instanceof RegexSyntaxError) return undefined;
    throw error;
  }
}

function compile(pattern: string, flags: string): Program {
  return compilePattern(pattern, {
    ignoreCase: flags.includes('i'),
    extended: flags.includes('x'),
    dotAll: flags.includes('p') || flags.includes('m'),
    multiLine: false,
  });
}

function programOf(pattern: string, flags: string, run: Run): Program {
  const known = programs.get(flags)?.get(pattern);
  if (known !== undefined) return known;
  try {
    const program = compile(pattern, flags);
    remember(pattern, flags, program);
    return program;
  } catch (error) {
    if (error instanceof RegexSyntaxError || error instanceof UnsupportedRegex) {
      tickCompile(pattern.length + error.work, run);
      raise(`Regex failure: ${error.message}`);
    }
    throw error;
  }
}

function remember(pattern: string, flags: string, program: Program): void {
  instructionsHeld += program.instructions.length;
  if (instructionsHeld > maxInstructions) {
    programs.clear();
    instructionsHeld = program.instructions.length;
  }
  const ofFlags = programs.get(flags) ?? new Map<string, Program>();
  programs.set(flags, ofFlags.set(pattern, program));
}

function toMatch(
  text: string,
  slots: readonly number[],
  offsets: (index: number) => number,
  names: readonly (string | null)[],
): Match {
  const [start = 0, end = 0] = slots;
  const index = Math.min(start, end);
  const offset = offsets(index);
  const captures = names.map((name, group): Capture => {
    const from = slots[2 * group + 2] ?? -1;
    const to = slots[2 * group + 3] ?? -1;
    if (to === -1) return { offset: -1, length: 0, text: null, name };
    // jq takes every group of an empty match for empty, wherever a look-ahead found it.
    if (index === end) return { offset, length: 0, text: '', name };
    return { offset: offsets(from), length: offsets(to) - offsets(from), text: text.slice(from, to), name };
  });
  return { index, offset, length: offsets(end) - offset, text: text.slice(index, end), captures };
}

/** Counts the code points before a UTF-16 index. */
function codePointOffsets(text: string, run: Run): (index: number) => number {
  if (!/[\ud800-\udfff]/.test(text)) return (index) => index;
  run.tick(text.length >> 2);
  const offsets: number[] = [];
  let count = 0;
  for (let index = 0; index <= text.length; index++) {
    offsets.push(count);
    if (widthAt(text, index) === 1) count++;
  }
  return (index) => offsets[index] ?? 0;
}
