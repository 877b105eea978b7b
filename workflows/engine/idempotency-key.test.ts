import { idempotencyKey } from './idempotency-key.ts';

test('a call has one key, and no other call has it', () => {
  const key = idempotencyKey('seed', '/do/0/charge#1');
  expect(key).toMatch(/^[0-9a-f]{40}$/);
  expect(idempotencyKey('seed', '/do/0/charge#1')).toBe(key);
  expect(idempotencyKey('seed', '/do/0/charge#2')).not.toBe(key);
  expect(idempotencyKey('other', '/do/0/charge#1')).not.toBe(key);
});
