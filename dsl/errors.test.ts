import { WorkflowFault } from './errors.ts';

test('a fault mends broken UTF-16, which no message to Temporal may hold', () => {
  const fault = new WorkflowFault({
    type: 'https://x.test/\ud800',
    status: 500,
    instance: '/do/0/\udc00',
    title: 'T\ud800',
    detail: 'd\ud800',
  });
  expect(fault.error).toEqual({
    type: 'https://x.test/\ufffd',
    status: 500,
    instance: '/do/0/\ufffd',
    title: 'T\ufffd',
    detail: 'd\ufffd',
  });
  expect(fault.message).toBe('T\ufffd: d\ufffd');
});

test('a fault cuts long texts, and pairs of surrogates never in half', () => {
  const long = '\u{1f600}'.repeat(20_000);
  const { error } = new WorkflowFault({ type: 't', status: 500, instance: '/', title: long, detail: long });
  expect([error.title.length, error.detail?.length]).toEqual([2_000, 10_000]);
  expect(error.detail).toMatch(/…$/);
  expect(error.detail?.isWellFormed()).toBe(true);
});
