import type { Kind } from './kinds.ts';
import { withFunction, withLabel, withVariable } from './names.ts';
import type { Names } from './names.ts';
import { asTerm } from './pieces.ts';
import type { Generate, Piece, Wish } from './pieces.ts';
import type { Random } from './random.ts';

const boundKinds: readonly Kind[] = ['num', 'str', 'bool', 'nums', 'obj', 'any', 'keys', 'small'];
const variableNames = ['$a', '$b', '$x', '$if', '$v'];
// Some are names of built-ins, which they then stand for.
const functionNames = ['f', 'g', 'h', 'length', 'keys', 'values', 'add'];
const elementKinds: Partial<Readonly<Record<Kind, Kind>>> = { nums: 'num', strs: 'str', objs: 'obj' };

/** A piece that gives something a name, with a body that may use it. */
export function expandBinder(wish: Wish, random: Random, generate: Generate): Piece {
  const binder = random.pick(wish.goal.isPath ? pathBinders : binders);
  return { text: binder({ wish, random, generate }), isTerm: false };
}

/** Where a piece stands, and what makes the pieces in it. */
interface Site {
  readonly wish: Wish;
  readonly random: Random;
  readonly generate: Generate;
}

type Binder = (site: Site) => string;

const pathBinders: readonly Binder[] = [bindVariable, defineFunction, defineWithArgument, label];
const binders: readonly Binder[] = [
  ...pathBinders,
  bindVariable,
  bindParts,
  bindAlternatives,
  reduce,
  foreach,
];

/** Text for a part of the wish with its own goal, input and names. */
function part(
  { wish, random, generate }: Site,
  kind: Kind,
  changes: { readonly on?: Kind; readonly names?: Names; readonly isPath?: boolean } = {},
): Piece {
  const { isPath = false, ...rest } = changes;
  return generate({ ...wish, ...rest, goal: { kind, isPath }, depth: wish.depth - 1 }, random);
}

function bindVariable(site: Site): string {
  const { wish, random } = site;
  const kind = random.pick(boundKinds);
  const name = random.pick(variableNames);
  const source = asTerm(part(site, kind), random);
  const names = withVariable(wish.names, name, kind);
  return `${source} as ${name} | ${part(site, wish.goal.kind, { names, isPath: wish.goal.isPath }).text}`;
}

function bindParts(site: Site): string {
  const { wish, random } = site;
  const names = withVariable(withVariable(wish.names, '$p', 'num'), '$q', 'str');
  const body = part(site, wish.goal.kind, { names }).text;
  if (random.chance(0.5)) {
    const source = asTerm(part(site, 'obj'), random);
    return `${source} as ${random.pick(['{a: $p, b: $q}', '{"a": $p, ("b"): $q}', '{a: $p, $b, "b": $q}'])} | ${body}`;
  }
  const items = [part(site, 'num').text, part(site, 'str').text];
  return `[${items.join()}] as [$p, $q] | ${body}`;
}

function bindAlternatives(site: Site): string {
  const { wish, random } = site;
  const source = asTerm(part(site, random.pick(['obj', 'nums', 'num'])), random);
  const patterns = random.pick([
    '[$p] ?// {a: $p} ?// $p',
    '{a: $p} ?// [$p, $q]',
    '$p ?// [$q]',
    '[[$p]] ?// [$q]',
  ]);
  const names = withVariable(
    withVariable(wish.names, '$p', 'any'),
    patterns.includes('$q') ? '$q' : '$p',
    'any',
  );
  return `${source} as ${patterns} | ${part(site, wish.goal.kind, { names }).text}`;
}

function defineFunction(site: Site): string {
  const { wish, random } = site;
  const name = random.pick(functionNames);
  const kind = random.pick([...boundKinds, wish.goal.kind]);
  const { isPath } = wish.goal;
  // The body does not see itself: endless recursion is left to rules that count.
  const body = part(site, kind, {
    names: { ...wish.names, functions: wish.names.functions.filter((known) => known.name !== name) },
    isPath,
  });
  const names = withFunction(wish.names, name, wish.on, kind);
  return `def ${name}: ${body.text}; ${part(site, wish.goal.kind, { names, isPath }).text}`;
}

function defineWithArgument(site: Site): string {
  const { wish, random } = site;
  const { kind, isPath } = wish.goal;
  const argumentKind = isPath ? kind : random.pick([...boundKinds, kind]);
  const isValue = !isPath && random.chance(0.4);
  let names = withFunction(wish.names, 'p', isValue ? 'any' : wish.on, argumentKind);
  if (isValue) names = withVariable(names, '$p', argumentKind);
  const body = part(site, kind, { names, isPath }).text;
  const argument = part(site, argumentKind, { isPath }).text;
  return `def f(${isValue ? '$p' : 'p'}): ${body}; f(${argument})`;
}

function label(site: Site): string {
  const { wish, random } = site;
  const name = random.pick(['$out', '$f']);
  const names = withLabel(wish.names, name);
  return `label ${name} | ${part(site, wish.goal.kind, { names, isPath: wish.goal.isPath }).text}`;
}

function fold(site: Site): { head: string; init: string; names: Names } {
  const { wish, random } = site;
  const from = random.pick<Kind>(['nums', 'strs', 'objs']);
  const name = random.pick(variableNames);
  const source = asTerm(part(site, from), random);
  const init = part(site, wish.goal.kind).text;
  return {
    head: `${source}[] as ${name}`,
    init,
    names: withVariable(wish.names, name, elementKinds[from] ?? 'any'),
  };
}

function reduce(site: Site): string {
  const { wish } = site;
  const { head, init, names } = fold(site);
  const { kind } = wish.goal;
  return `reduce ${head} (${init}; ${part(site, kind, { on: kind, names }).text})`;
}

function foreach(site: Site): string {
  const { wish, random } = site;
  const { head, init, names } = fold(site);
  const { kind } = wish.goal;
  const update = part(site, kind, { on: kind, names }).text;
  const extract = random.chance(0.5) ? `; ${part(site, kind, { on: kind, names }).text}` : '';
  return `foreach ${head} (${init}; ${update}${extract})`;
}
