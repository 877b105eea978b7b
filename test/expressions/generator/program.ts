import { isA, members } from './kinds.ts';
import { asTerm } from './pieces.ts';
import type { Piece, Wish } from './pieces.ts';
import type { Kind } from './kinds.ts';
import type { Random } from './random.ts';
import { rules } from './rules.ts';
import type { Goal, Hole, Rule } from './rules.ts';
import { expandBinder } from './binders.ts';
import { noNames } from './names.ts';
import { jsonOf } from './values.ts';
import { isWordList, wordsOf } from './words.ts';

const inputKinds: readonly Kind[] = [
  'obj',
  'obj',
  'obj',
  'nums',
  'strs',
  'objs',
  'arr',
  'str',
  'num',
  'any',
  'date',
];
const goalKinds: readonly Kind[] = ['num', 'str', 'bool', 'nums', 'strs', 'objs', 'arr', 'obj', 'any', 'any'];

/** A program with an input that it is likely to understand, both of few but any forms. */
export function generatePair(random: Random): { program: string; input: string } {
  const on = random.pick(inputKinds);
  const kind = random.pick([...goalKinds, on]);
  const wish = { goal: { kind, isPath: false }, on, names: noNames, depth: 1 + random.below(4) };
  return { program: generate(wish, random).text, input: jsonOf(on, random) };
}

/** A piece of a program as wished. Now and then it is made for another goal: errors are a part of the language. */
function generate(wish: Wish, random: Random): Piece {
  if (random.chance(0.015)) return generate({ ...wish, goal: { kind: 'any', isPath: false } }, random);
  if (wish.depth <= 0 || random.chance(0.08)) return leaf(wish, random);
  if (random.chance(0.12)) return expandBinder(wish, random, generate);
  const rule = chooseRule(wish, random);
  if (rule === undefined) return leaf(wish, random);
  const isDirect = isA(wish.on, rule.on);
  const inner = isDirect ? wish : { ...wish, on: rule.on };
  const template = expand(rule, inner, random);
  if (isDirect) return template;
  const source = generate(
    { ...wish, goal: { kind: rule.on, isPath: wish.goal.isPath }, depth: wish.depth - 1 },
    random,
  );
  return { text: `${source.text} | ${template.text}`, isTerm: false };
}

function chooseRule(wish: Wish, random: Random): Rule | undefined {
  const fitting = candidates(wish, true);
  const others = candidates(wish, false);
  const isDirect = others.length === 0 || random.chance(0.75);
  const from = isDirect && fitting.length > 0 ? fitting : others;
  return from.length === 0 ? undefined : random.pick(from);
}

const chosen = new Map<string, readonly Rule[]>();

/** The rules that make what is wished, from the very input or from others. */
function candidates({ goal, on }: Wish, isDirect: boolean): readonly Rule[] {
  const key = `${goal.kind} ${goal.isPath} ${on} ${isDirect}`;
  const known = chosen.get(key);
  if (known !== undefined) return known;
  const found = rules.filter((rule) => isA(on, rule.on) === isDirect && makes(rule, goal, on));
  chosen.set(key, found);
  return found;
}

function makes({ makes: made }: Rule, goal: Goal, on: Kind): boolean {
  if (made === 'wanted') return !goal.isPath;
  if (made === 'wanted path') return goal.isPath;
  if (made === 'same') return !goal.isPath && isA(on, goal.kind);
  return made.isPath === goal.isPath && isA(made.kind, goal.kind);
}

function expand(rule: Rule, wish: Wish, random: Random): Piece {
  const parts = rule.parts.map((part) => (typeof part === 'string' ? part : fill(part, wish, random)));
  return { text: parts.join('').replaceAll('␤', '\n'), isTerm: rule.isTerm };
}

function fill(hole: Hole, wish: Wish, random: Random): string {
  if (typeof hole.goal === 'string' && isWordList(hole.goal)) return random.pick(wordsOf(hole.goal));
  const on = hole.on === 'wanted' ? wish.goal.kind : hole.on === 'same' ? wish.on : (hole.on ?? wish.on);
  const piece = generate({ ...wish, goal: goalOf(hole.goal, wish), on, depth: wish.depth - 1 }, random);
  return hole.isTerm ? asTerm(piece, random) : piece.text;
}

function goalOf(goal: Exclude<Hole['goal'], string> | string, { goal: wanted, on }: Wish): Goal {
  if (typeof goal !== 'string') return goal;
  if (goal === 'same') return { kind: on, isPath: false };
  return { kind: wanted.kind, isPath: goal === 'wanted path' };
}

/** A piece without holes. */
function leaf({ goal, on, names }: Wish, random: Random): Piece {
  const texts: string[] = [];
  if (isA(on, goal.kind)) texts.push('.', '.');
  if (on === 'obj') {
    for (const { access, kind } of members) if (isA(kind, goal.kind)) texts.push(...access);
  }
  if (!goal.isPath) {
    texts.push(jsonOf(goal.kind, random, 1), jsonOf(goal.kind, random, 1));
    for (const { name, kind } of names.variables) if (isA(kind, goal.kind)) texts.push(name, name, name);
  }
  for (const { name, makes: kind, on: from } of names.functions) {
    if (isA(kind, goal.kind) && isA(on, from)) texts.push(name, name, name);
  }
  for (const label of names.labels) texts.push(`break ${label}`);
  if (texts.length === 0) texts.push('.', 'empty', '.a?', '.[0]?');
  const text = random.pick(texts);
  return { text, isTerm: !text.startsWith('-') && !text.startsWith('break') };
}
