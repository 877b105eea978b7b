/** The ways to change a document in one place. Each gives its edits, or nothing where it does not fit. */
import { isJsonObject } from '../../dsl/json.ts';
import type { Json } from '../../dsl/json.ts';
import { pick } from '../random.ts';
import type { Edit } from './edit.ts';
import type { Pool, Spot } from './spots.ts';
import { numbers, values, words, wordsLike } from './words.ts';

interface Chance {
  readonly random: () => number;
  readonly pool: Pool;
}

type Mutation = (spot: Spot, chance: Chance) => readonly Edit[];

const remove: Mutation = ({ path }) => (path.length === 0 ? [] : [{ path }]);

const rename: Mutation = ({ path, value }, { random, pool }) => {
  const name = path.at(-1);
  if (typeof name !== 'string') return [];
  const misspelt = name.length > 2 ? name.slice(1) + name.slice(0, 1) : `${name}s`;
  const other = pick([misspelt, `${name}s`, name.toUpperCase(), pick(pool.names, random)], random);
  return [{ path }, { path: [...path.slice(0, -1), other], value }];
};

const addUnknown: Mutation = ({ path, value }, { random, pool }) => {
  const name = random() < 0.5 ? 'unheardOf' : pick(pool.names, random);
  return isJsonObject(value) ? [{ path: [...path, name], value: anyValue(random) }] : [];
};

/** Another member that objects in this role have elsewhere: two of which only one may be there, for one. */
const addMember: Mutation = ({ path, value, role }, { random, pool }) => {
  const known = pool.members.get(role) ?? [];
  if (!isJsonObject(value) || known.length === 0) return [];
  const [name, member] = pick(known, random);
  return [{ path: [...path, name], value: member }];
};

/** What stands in this role elsewhere. */
const exchange: Mutation = ({ path, role }, { random, pool }) =>
  path.length === 0 ? [] : [{ path, value: pick(pool.values.get(role) ?? [null], random) }];

/** What stands in another role elsewhere. */
const misplace: Mutation = ({ path }, { random, pool }) => {
  const role = pick([...pool.values.keys()], random);
  return path.length === 0 ? [] : [{ path, value: pick(pool.values.get(role) ?? [null], random) }];
};

const changeKind: Mutation = ({ path }, { random }) => [{ path, value: anyValue(random) }];

const changeText: Mutation = ({ path, value }, { random }) =>
  typeof value === 'string' ? [{ path, value: pick(random() < 0.8 ? wordsLike(value) : words, random) }] : [];

const damageText: Mutation = ({ path, value }, { random }) => {
  if (typeof value !== 'string') return [];
  const at = Math.floor(random() * (value.length + 1));
  const piece = pick(['', ' ', '-', '{', '}', '$', '/', '\n', '.', 'é'], random);
  return [{ path, value: value.slice(0, at) + piece + value.slice(piece === '' ? at + 1 : at) }];
};

const changeNumber: Mutation = ({ path, value }, { random }) =>
  typeof value === 'number' ? [{ path, value: pick(numbers, random) }] : [];

const flip: Mutation = ({ path, value }) => (typeof value === 'boolean' ? [{ path, value: !value }] : []);

const empty: Mutation = ({ path, value }) => {
  if (Array.isArray(value)) return [{ path, value: [] }];
  return isJsonObject(value) ? [{ path, value: {} }] : [];
};

const nest: Mutation = ({ path, value }, { random, pool }) =>
  path.length === 0
    ? []
    : [{ path, value: random() < 0.5 ? [value] : { [pick(pool.names, random)]: value } }];

const unnest: Mutation = ({ path, value }) => {
  if (path.length === 0) return [];
  const [inner] = isJsonObject(value) ? Object.values(value) : Array.isArray(value) ? (value as Json[]) : [];
  return inner === undefined ? [] : [{ path, value: inner }];
};

const duplicate: Mutation = ({ path, value }, { random }) => {
  if (!Array.isArray(value) || value.length === 0) return [];
  const items = value as readonly Json[];
  return [{ path, value: [...items, pick(items, random)] }];
};

const reorder: Mutation = ({ path, value }) =>
  Array.isArray(value) && value.length > 1 ? [{ path, value: (value as readonly Json[]).toReversed() }] : [];

/** Two items of a list become one, as a wrong indentation does it. */
const mergeItems: Mutation = ({ path, value }) => {
  const [first, second, ...others] = Array.isArray(value) ? (value as readonly Json[]) : [];
  if (first === undefined || second === undefined || !isJsonObject(first) || !isJsonObject(second)) return [];
  return [{ path, value: [{ ...first, ...second }, ...others] }];
};

/** Two members of one object change their names. */
const swapMembers: Mutation = ({ path, value }, { random }) => {
  const entries = isJsonObject(value) ? Object.entries(value) : [];
  if (entries.length < 2) return [];
  const [[one, first], [other, second]] = [pick(entries, random), pick(entries, random)];
  return one === other
    ? []
    : [
        { path: [...path, one], value: second },
        { path: [...path, other], value: first },
      ];
};

function anyValue(random: () => number): Json {
  return random() < 0.2 ? pick(words, random) : pick(values, random);
}

/** With how often each is tried: those that mostly leave a document valid make up for those that mostly break it. */
export const mutations: readonly (readonly [Mutation, number])[] = [
  [exchange, 9],
  [addMember, 6],
  [remove, 5],
  [changeText, 5],
  [reorder, 4],
  [duplicate, 2],
  [changeKind, 3],
  [damageText, 3],
  [changeNumber, 3],
  [flip, 2],
  [rename, 2],
  [addUnknown, 2],
  [misplace, 2],
  [empty, 2],
  [nest, 1],
  [unnest, 1],
  [mergeItems, 1],
  [swapMembers, 1],
];
