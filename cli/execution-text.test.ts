import { executionText } from './execution-text.ts';
import type { Execution } from './responses.ts';

const plain = (_kind: unknown, text: string): string => text;
const now = Date.parse('2030-01-01T00:00:10Z');
const execution: Execution = {
  id: 'order-1',
  workflow: 'shop/order',
  version: '1.0.0',
  status: 'running',
  startedAt: '2030-01-01T00:00:00Z',
  tasks: [],
};
const text = (changes: Partial<Execution>): string => executionText({ ...execution, ...changes }, now, plain);

test('one that is held says how to retry it and how to give it up', () => {
  const shown = text({ status: 'faulted', held: true, id: "ann's order", error: { title: 'No stock' } });
  expect(shown).toContain('status:   faulted, held open\n');
  expect(shown).toContain('"title": "No stock"');
  expect(shown).toContain(String.raw`perdure retry 'ann'\''s order'`);
  expect(shown).toContain(String.raw`perdure cancel 'ann'\''s order'`);
});

test('one that ended by a fault offers no retry in place', () => {
  expect(text({ status: 'faulted', held: false })).not.toContain('held');
});

test('what is suspended, migrating, to be undone and waited for is told', () => {
  const shown = text({
    status: 'suspended',
    suspendedAt: '2030-01-01T00:00:05Z',
    migration: {
      version: '2.0.0',
      state: 'refused',
      obstacles: [{ reference: '/do/0/pay', reason: 'it is gone' }],
    },
    compensations: [{ reference: '/do/1/book', name: 'book', status: 'registered' }],
    omittedCompensations: 3,
    children: [{ reference: '/do/2/sub', workflowId: 'order-1-sub' }],
    retryOf: 'run-1',
  });
  expect(shown).toContain('suspended since 2030-01-01T00:00:05Z\n');
  expect(shown).toContain('migration to 2.0.0 was refused\n  /do/0/pay: it is gone\n');
  expect(shown).toMatch(/^to undo:\n {2}book +registered +\/do\/1\/book\n {2}3 more\n$/m);
  expect(shown).toContain('children:\n  order-1-sub\n');
  expect(shown).toContain('retries the run run-1\n');
});
