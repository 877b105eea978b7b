import { activityId, childWorkflowId, summary } from './names.ts';

const bytes = (text: string): number => Buffer.byteLength(text);

test('ids say what they belong to', () => {
  expect(activityId(7, '/do/0/pay')).toBe('7:/do/0/pay');
  expect(childWorkflowId('order-1', 'pay', '0123456789abcdef')).toBe('order-1/pay-0123456789ab');
});

test('ids stay within 1,000 bytes, through children of children too, and differ', () => {
  const name = '\u{20ac}'.repeat(900);
  expect(bytes(activityId(1_000_000, `/do/0/${name}`))).toBeLessThan(1_000);
  let id = name.slice(0, 330);
  for (let level = 0; level < 50; level++) id = childWorkflowId(id, name, `key${level}`);
  expect(bytes(id)).toBeLessThan(1_000);
  expect(childWorkflowId(id, 'a', 'k1')).not.toBe(childWorkflowId(id, 'a', 'k2'));
  expect(bytes(summary(name))).toBeLessThanOrEqual(400);
});

test('broken UTF-16 is mended', () => {
  expect(activityId(1, '/do/0/\ud800')).toBe('1:/do/0/\ufffd');
});
