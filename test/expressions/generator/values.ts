import { members } from './kinds.ts';
import type { Kind } from './kinds.ts';
import type { Random } from './random.ts';

const numbers = [
  '0',
  '1',
  '2',
  '3',
  '-1',
  '-2',
  '10',
  '7',
  '0.5',
  '1.5',
  '-2.5',
  '3.7',
  '100',
  '255',
  '0.1',
  '1000',
  '65',
  '-0.25',
  '123456789',
  '4294967296',
  '9007199254740991',
  '-9007199254740991',
  '1425599621',
  '1234567890123456',
];

const strings = [
  '',
  'a',
  'b',
  'abc',
  'aXbxc',
  'a,b, c',
  'foo bar foo',
  ' trim \t',
  'éa',
  '😀b',
  '日本語',
  '1.5',
  '-3.5',
  'true',
  'null',
  'x1y22z333',
  '<&\'">',
  'a\nb',
  'tab\tq',
  '\u0000\u007f',
  'a=1&b=%41',
  'YWJj',
  'MFRGG===',
  'test@example.org',
  '__proto__',
  'constructor',
  '$1',
  '\\',
  '\ufffd',
  '\u2028',
  'ÀÉ',
  'ß',
  'aaa',
  'a.b.c',
  '2015-03-05T23:51:47Z',
  '0x1F',
  'nan',
  'Zz',
];

const dates = [
  '2015-03-05T23:51:47Z',
  '1970-01-01T00:00:00Z',
  '2024-02-29T12:00:01Z',
  '1999-12-31T23:59:59Z',
];

const jsonTexts = [
  '[1,2,{"a":null}]',
  '{"a":1,"b":"x"}',
  '"q"',
  'null',
  ' [ 1 , 2 ] ',
  '-1.5',
  'true',
  '{"a":[]}',
];

const brokenTimes = [
  '[2024,1,29,12,0,1,4,59]',
  '[1970,0,1,0,0,0,4,0]',
  '[2015,2,5,23,51,47,4,63]',
  '[2000,0,1,0,0,0.5,6,0]',
];

const keyPaths = [
  '["a"]',
  '["c",0]',
  '["d","a"]',
  '[]',
  '["h",0,"b"]',
  '[0]',
  '["c",-1]',
  '["x"]',
  '[{"start":1,"end":2}]',
];

/** A value of that kind as JSON, which is an expression too. */
export function jsonOf(kind: Kind, random: Random, depth = 2): string {
  const list = (item: Kind): string => {
    const items = Array.from({ length: random.below(4) }, () => jsonOf(item, random, depth - 1));
    return `[${items.join()}]`;
  };
  switch (kind) {
    case 'null':
      return 'null';
    case 'bool':
      return random.pick(['true', 'false']);
    case 'num':
      return random.pick(numbers);
    case 'small':
      return random.pick(['0', '1', '2', '3', '4', '-1', '1.5']);
    case 'str':
      return JSON.stringify(random.pick(strings));
    case 'date':
      return JSON.stringify(random.pick(dates));
    case 'json':
      return JSON.stringify(random.pick(jsonTexts));
    case 'broken':
      return random.pick(brokenTimes);
    case 'keys':
      return random.pick(keyPaths);
    case 'entries':
      return random.pick(['[{"key":"a","value":1}]', '[]', '[{"name":"b","value":[2]},{"k":"c","v":3}]']);
    case 'nums':
      return list('num');
    case 'strs':
      return list('str');
    case 'objs':
      return depth > 0 ? list('obj') : '[]';
    case 'arr':
      return depth > 0 ? list('any') : '[]';
    case 'any':
      return jsonOf(
        random.pick(depth > 0 ? [...scalars, 'nums', 'strs', 'obj', 'arr'] : scalars),
        random,
        depth,
      );
    case 'obj':
      return objectOf(random, depth);
  }
}

const scalars: readonly Kind[] = ['null', 'bool', 'num', 'str'];

function objectOf(random: Random, depth: number): string {
  const chosen = members.filter(({ kind }, index) => {
    if (depth <= 0 && (kind === 'obj' || kind === 'objs')) return false;
    return random.chance(index < 5 ? 0.6 : 0.12);
  });
  const shuffled = random.chance(0.3) ? chosen.toReversed() : chosen;
  const texts = shuffled.map(({ name, kind }) => {
    // A member is not always what the others call it.
    const actual = random.chance(0.03) ? 'any' : kind;
    return `${JSON.stringify(name)}:${jsonOf(actual, random, depth - 1)}`;
  });
  return `{${texts.join()}}`;
}
