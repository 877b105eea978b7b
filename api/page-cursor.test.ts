import { cursorFor, tokenOf } from './page-cursor.ts';

const token = Buffer.from('{"CloseTime":"2026-01-01"}');

it("gives Temporal's token back to the list that it came from", () => {
  const cursor = cursorFor('a = 1', token);
  expect(tokenOf('a = 1', cursor)).toEqual(token);
  expect(cursor).toMatch(/^[\w.-]+$/);
});

it('has no cursor for the page after the last', () => {
  expect(cursorFor('a = 1', Buffer.alloc(0))).toBeUndefined();
  expect(tokenOf('a = 1', undefined)).toBeUndefined();
});

it.each([
  ['other filters', () => cursorFor('a = 2', token)],
  ['another token', () => cursorFor('a = 1', token)?.replace('e', 'f')],
  ['no checksum', () => token.toString('base64url')],
  ['nonsense', () => 'x'],
])('refuses a cursor with %s', (_what, cursor) => {
  expect(() => tokenOf('a = 1', cursor())).toThrow('not one that this list');
});
