import { controlRules } from './rules/control.ts';
import { collectionRules } from './rules/collections.ts';
import { dateRules } from './rules/dates.ts';
import { numberRules } from './rules/numbers.ts';
import { pathRules } from './rules/paths.ts';
import { stringRules } from './rules/strings.ts';
import type { Kind } from './kinds.ts';
import type { WordList } from './words.ts';
import { isWordList } from './words.ts';

/** What a rule makes: values of a kind, or paths to such values. */
export interface Goal {
  readonly kind: Kind;
  readonly isPath: boolean;
}

/** A hole of a rule: what goes there, evaluated on the rule's own input or on a value of another kind. */
export interface Hole {
  readonly goal: Goal | WordList | 'same' | 'wanted' | 'wanted path';
  readonly on: Kind | 'same' | 'wanted' | undefined;
  /** Whether it has to bind as tightly as a term. */
  readonly isTerm: boolean;
}

/** A piece of the grammar: texts and the holes between them. */
export interface Rule {
  readonly makes: Goal | 'same' | 'wanted' | 'wanted path';
  readonly on: Kind;
  readonly parts: readonly (string | Hole)[];
  readonly isTerm: boolean;
}

/**
 * The grammar, read from tables with a rule a line, `kind < input kind : template`. `«kind»` is a hole for a pipeline
 * and `‹kind›` for a term; `«kind@input»` is evaluated on another input; `path` before a kind asks for a path to it.
 * `T` is whatever kind is wanted, and `S` the kind of the input.
 */
export const rules: readonly Rule[] = [
  controlRules,
  pathRules,
  numberRules,
  stringRules,
  collectionRules,
  dateRules,
].flatMap((table) =>
  table
    .split('\n')
    .filter((line) => line !== '')
    .flatMap(readRules),
);

function readRules(line: string): Rule[] {
  const [, makes = '', on = '', template = ''] = /^(.*?) < (.*?) : (.*)$/.exec(line) ?? [];
  const parts = template.split(/([«‹][^»›]*[»›])/).filter((part) => part !== '');
  const bare = parts.map((part) => (isHole(part) ? 'x' : part)).join('');
  return makes.split(' ').flatMap((kind) =>
    on.split(' ').map((input) => ({
      makes: readGoal(kind),
      on: input as Kind,
      parts: parts.map((part) => (isHole(part) ? readHole(part) : part)),
      isTerm: isTerm(bare),
    })),
  );
}

function isHole(part: string): boolean {
  return part.startsWith('«') || part.startsWith('‹');
}

function readHole(text: string): Hole {
  const [goal = '', on] = text.slice(1, -1).split('@');
  const content = isWordList(goal) ? goal : readGoal(goal);
  return { goal: content, on: on === undefined ? undefined : readInput(on), isTerm: text.startsWith('‹') };
}

function readGoal(text: string): Rule['makes'] {
  if (text === 'S') return 'same';
  if (text === 'T') return 'wanted';
  if (text === 'path-T') return 'wanted path';
  const isPath = text.startsWith('path-');
  return { kind: text.replace('path-', '') as Kind, isPath };
}

function readInput(text: string): Kind | 'same' | 'wanted' {
  return text === 'T' ? 'wanted' : text === 'S' ? 'same' : (text as Kind);
}

/** Whether nothing outside of brackets and strings separates the parts of a template. */
function isTerm(bare: string): boolean {
  let rest = bare.replace(/"(?:[^"\\]|\\.)*"/g, 's');
  for (let before = ''; before !== rest;) {
    before = rest;
    rest = rest.replace(/\([^()[\]{}]*\)|\[[^()[\]{}]*\]|\{[^()[\]{}]*\}/g, 'b');
  }
  return !/[ |,+\-*/%=<>]/.test(rest);
}
