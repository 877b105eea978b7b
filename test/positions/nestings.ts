/** Where the subject stands: what is around the list that it is part of. */
import type { JsonObject } from '../../dsl/json.ts';
import { ask, listed, type Place, type Task } from './place.ts';

export interface Nesting {
  readonly name: string;
  /** jq: the number of the turn; the disturbed one is 1. */
  readonly turn: string;
  /** The numbers of all turns. */
  readonly turns: readonly number[];
  /** The workflow's tasks around the list. */
  around(list: readonly Task[], place: Place): readonly Task[];
  /** JSON Pointer of the list. */
  readonly list: string;
  /** JSON Pointer of the loop around it. */
  readonly loop?: string;
  /** Why no execution can start there. */
  readonly refusesStart?: string;
  /** Another branch is under way beside it. */
  readonly beside?: true;
  /** What the subject raises is caught. */
  readonly catches?: true;
}

const loop = (list: readonly Task[]): Task => ({
  loop: { for: { each: 'round', at: 'turn', in: '${ [range(3)] }' }, do: list },
});

const both = (here: readonly Task[], place: Place): Task => {
  const beside = listed({
    one: ask(place, 'beside', { turn: '1' }),
    two: ask(place, 'aside', { turn: '1' }),
  });
  const branches = listed({ here: { do: here }, beside: { do: beside } });
  return { both: { fork: { branches }, output: { as: '${ .[0] }' } } };
};

const risky = (list: readonly Task[]): Task => {
  const mended = { set: '${ .trail += ["caught \\($problem.status)"] }' };
  const caught = { errors: { with: { status: 418 } }, as: 'problem', do: [{ mended }] };
  return { risky: { try: list, catch: caught } };
};

const failed = (list: readonly Task[]): Task => {
  const error = { type: 'https://positions.test/failed', status: 500, title: 'Failed' };
  return { failed: { try: listed({ failing: { raise: { error } } }), catch: { do: list } } };
};

export const nestings: readonly Nesting[] = [
  { name: 'plain', turn: '1', turns: [1], around: (list) => list, list: '/do' },
  {
    name: 'for',
    turn: '$turn',
    turns: [0, 1, 2],
    around: (list) => [loop(list)],
    list: '/do/0/loop/do',
    loop: '/do/0/loop',
  },
  {
    name: 'fork',
    turn: '1',
    turns: [1],
    around: (list, place) => [both(list, place)],
    list: '/do/0/both/fork/branches/0/here/do',
    beside: true,
  },
  {
    name: 'try',
    turn: '1',
    turns: [1],
    around: (list) => [risky(list)],
    list: '/do/0/risky/try',
    catches: true,
  },
  {
    name: 'catch',
    turn: '1',
    turns: [1],
    around: (list) => [failed(list)],
    list: '/do/0/failed/catch/do',
    refusesStart: 'no execution can start in a catch: there is no error to handle',
  },
  {
    name: 'lock',
    turn: '1',
    turns: [1],
    around: (list, { id }) => [{ locked: { metadata: { lock: { key: id, ttl: 'PT1M' } }, do: list } }],
    list: '/do/0/locked/do',
  },
  {
    name: 'for in fork in try',
    turn: '$turn',
    turns: [0, 1, 2],
    around: (list, place) => [risky([both([loop(list)], place)])],
    list: '/do/0/risky/try/0/both/fork/branches/0/here/do/0/loop/do',
    loop: '/do/0/risky/try/0/both/fork/branches/0/here/do/0/loop',
    beside: true,
    catches: true,
  },
];

/** What tasks export to the context: how often the gate was passed. */
export const countGates: JsonObject = { export: { as: '${ { gates: (($context.gates // 0) + 1) } }' } };
