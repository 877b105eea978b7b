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
    ['type of a value', { ...request, input: { a: '1', b: [2, null] } }],
  ])('changes with the %s', (_what, other) => {
    expect(requestDigest(other)).not.toBe(requestDigest(request));
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
