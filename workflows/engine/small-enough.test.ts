import type { Json } from '../../dsl/json.ts';
import { smallEnough } from './small-enough.ts';

const bytes = (value: Json): number => Buffer.byteLength(JSON.stringify(value));

/** Values of every kind, as large as told, by the length of a text in them. */
const kinds: readonly (readonly [string, (text: string) => Json])[] = [
  ['a text', (text) => text],
  ['a list', (text) => [1, null, text, [], {}, -1.7976931348623157e308]],
  ['an object', (text) => ({ a: true, b: { text }, '"quoted"': 0.1 })],
  ['keys', (text) => ({ [text]: 1, other: [] })],
  ['depth', (text) => [[[[[[{ a: [text] }]]]]]]],
];

const texts = ['x', 'é', '€', '😀', '"', '\n', '\u0001', '\ud800'];

test.each(kinds)('at most a kilobyte of JSON: %s', (_kind, valueOf) => {
  for (const character of texts) {
    for (let length = 0; length < 1_100; length++) {
      const value = valueOf(character.repeat(length));
      if (Math.abs(bytes(value) - 1_024) > 20) continue;
      expect([character, length, smallEnough(value)]).toEqual([character, length, bytes(value) <= 1_024]);
    }
  }
});

test('exactly a kilobyte is told, and a byte more is not', () => {
  expect([smallEnough('x'.repeat(1_022)), smallEnough('x'.repeat(1_023))]).toEqual([true, false]);
});

test('nothing is not small, and null is', () => {
  expect([smallEnough(undefined), smallEnough(null)]).toEqual([false, true]);
});

test('numbers and words count as they are written', () => {
  expect([
    smallEnough(Array.from({ length: 511 }, () => 1)),
    smallEnough(Array.from({ length: 512 }, () => 1)),
  ]).toEqual([true, false]);
  expect(smallEnough(Array.from({ length: 200 }, () => true))).toBe(true);
  expect(smallEnough(Array.from({ length: 205 }, () => true))).toBe(false);
});

test('very deep and very wide values are refused without a look at all of them', () => {
  let deep: Json = 1;
  for (let level = 0; level < 100_000; level++) deep = [deep];
  expect(smallEnough(deep)).toBe(false);
  expect(smallEnough(Array.from({ length: 1_000_000 }, () => 'some text'))).toBe(false);
});
