/** What the generator knows of a value: enough that most of what it does with it makes sense. */
export const valueKinds = [
  'null',
  'bool',
  'num',
  'str',
  'nums',
  'strs',
  'objs',
  'arr',
  'obj',
  'any',
] as const;

export type Kind = (typeof valueKinds)[number] | 'small' | 'date' | 'broken' | 'json' | 'keys' | 'entries';

const widerKinds: Readonly<Record<Kind, readonly Kind[]>> = {
  null: ['any'],
  bool: ['any'],
  num: ['any'],
  small: ['num', 'any'],
  str: ['any'],
  date: ['str', 'any'],
  json: ['str', 'any'],
  nums: ['arr', 'any'],
  broken: ['nums', 'arr', 'any'],
  strs: ['arr', 'any'],
  objs: ['arr', 'any'],
  keys: ['arr', 'any'],
  entries: ['objs', 'arr', 'any'],
  arr: ['any'],
  obj: ['any'],
  any: [],
};

/** Whether every value of one kind is of the other too. */
export function isA(kind: Kind, wider: Kind): boolean {
  return kind === wider || widerKinds[kind].includes(wider);
}

/** Members have the same kind in all objects, by their names, so that a path is known to lead somewhere. */
export const members: readonly {
  readonly name: string;
  readonly access: readonly string[];
  readonly kind: Kind;
}[] = [
  { name: 'a', access: ['.a', '."a"', '.["a"]'], kind: 'num' },
  { name: 'b', access: ['.b', '.["b"]'], kind: 'str' },
  { name: 'c', access: ['.c', '."c"'], kind: 'nums' },
  { name: 'd', access: ['.d', '.["d"]'], kind: 'obj' },
  { name: 'e', access: ['.e'], kind: 'strs' },
  { name: 'f', access: ['.f'], kind: 'bool' },
  { name: 'g', access: ['.g'], kind: 'null' },
  { name: 'h', access: ['.h'], kind: 'objs' },
  { name: 'x y', access: ['."x y"', '.["x y"]'], kind: 'num' },
  { name: 'é', access: ['."é"', String.raw`.["\u00e9"]`], kind: 'str' },
  { name: '😀', access: ['."😀"', String.raw`."\ud83d\ude00"`], kind: 'obj' },
  { name: 'if', access: ['.if', '."if"'], kind: 'num' },
  { name: '__proto__', access: ['.__proto__', '.["__proto__"]'], kind: 'num' },
  { name: 'constructor', access: ['.constructor', '."constructor"'], kind: 'obj' },
  { name: 'toString', access: ['.toString'], kind: 'str' },
];
