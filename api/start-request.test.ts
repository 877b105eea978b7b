import type { StartAt } from '../workflows/contract.ts';
import { keyedExecutionId, readIdempotencyKey, requestDigest, startBody } from './start-request.ts';

describe('the digest of a request', () => {
  const request = { workflow: 'shop/fulfil', input: { a: 1, b: [2, null] } };

  it('does not depend on how the request is spelled', () => {
    const respelled = { input: { b: [2, null], a: 1 }, version: 'latest', workflow: 'shop/fulfil' };
    expect(requestDigest(respelled)).toBe(requestDigest(request));
    expect(requestDigest({ workflow: 'w', input: null })).toBe(requestDigest({ workflow: 'w' }));
  });

  it.each([
    ['workflow', { ...request, workflow: 'shop/other' }],
    ['version', { ...request, version: '1.0.0' }],
    ['input', { ...request, input: { a: 1, b: [2] } }],
    ['task to start at', { ...request, startAt: { task: '/do/0/a' } }],
    ['type of a value', { ...request, input: { a: '1', b: [2, null] } }],
  ])('changes with the %s', (_what, other) => {
    expect(requestDigest(other)).not.toBe(requestDigest(request));
  });
});

describe('the digest of a start in the middle', () => {
  const startAt = { task: '/do/0/a', data: null };
  const digest = (place: StartAt): string => requestDigest({ workflow: 'w', startAt: place });

  it('does not depend on how it is spelled', () => {
    expect(digest({ iterations: {}, data: null, task: '/do/0/a' })).toBe(digest(startAt));
  });

  it('changes with all that it says', () => {
    const others: StartAt[] = [
      startAt,
      { task: '/do/0/a' },
      { ...startAt, context: {} },
      { ...startAt, iterations: { '/do/0': 1 } },
    ];
    expect(new Set(others.map(digest)).size).toBe(others.length);
  });
});

describe('the execution id of an idempotency key', () => {
  it('is the same for the same caller and key', () => {
    expect(keyedExecutionId('shop', 'k1')).toBe(keyedExecutionId('shop', 'k1'));
  });

  it('keeps callers and keys apart', () => {
    const ids = [
      keyedExecutionId('shop', 'k1'),
      keyedExecutionId('shop', 'k2'),
      keyedExecutionId('bank', 'k1'),
      keyedExecutionId('shopk', '1'),
    ];
    expect(new Set(ids).size).toBe(4);
  });

  it.each(['', ' ', 'two words', 'ü', 'k'.repeat(256)])('is not made from %j', (key) => {
    expect(() => readIdempotencyKey(key)).toThrow('Idempotency-Key must be');
  });
});

it('keeps keys of the input that are special to JavaScript', () => {
  const parsed = startBody.parse(JSON.parse('{"workflow":"w","input":{"__proto__":{"a":1}}}'));
  expect(JSON.stringify(parsed.input)).toBe('{"__proto__":{"a":1}}');
});
