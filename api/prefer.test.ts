import { preferredWait } from './prefer.ts';

it.each([
  ['wait=5', 5],
  ['respond-async, wait=10', 10],
  ['WAIT = "7"', 7],
  ['wait=3; foo=bar', 3],
  ['wait=0', 0],
  ['wait=600', 30],
])('reads %j as %d s', (header, seconds) => {
  expect(preferredWait(header)).toBe(seconds);
});

it.each([undefined, '', 'return=minimal', 'wait', 'wait=soon', 'wait=-1', 'await=5'])(
  'ignores %j',
  (header) => {
    expect(preferredWait(header)).toBeUndefined();
  },
);
