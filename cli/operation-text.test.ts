import { migrationPlanText, retryPlanText, underWayText } from './operation-text.ts';

const plain = (_kind: unknown, text: string): string => text;
const book = { reference: '/do/0/book', name: 'book', status: 'registered' };
const nothing = { tasks: [], compensations: [], leftUndone: [], children: [] };

test('a dry run says what is under way and what would become of it', () => {
  const state = {
    ...nothing,
    status: 'waiting' as const,
    compensations: [book],
    children: [{ reference: '/do/1/sub', workflowId: 'sub-1' }],
  };
  const text = underWayText('order-1', state, 'Children that would be cancelled too:', plain);
  expect(text).toMatch(
    /^order-1 is waiting; nothing was changed\.\nWould be undone, in this order:\n {2}book/,
  );
  expect(text).toContain('Children that would be cancelled too:\n  sub-1\n');
  expect(text).not.toContain('Would not be undone');
});

test('where nobody can be asked, that is said', () => {
  const text = underWayText('order-1', { ...nothing, tasksUnavailable: 'No worker answered' }, '', plain);
  expect(text).toContain('What it is at is not known: No worker answered\n');
});

test('a retry names the task and the way, or the reason', () => {
  const task = { reference: '/do/1/pay', name: 'pay' };
  expect(retryPlanText('order-1', { possible: true, task, inPlace: true })).toBe(
    'order-1 would go on at /do/1/pay, in place; nothing was changed.\n',
  );
  expect(retryPlanText('order-1', { possible: false, reason: 'it has not faulted' })).toBe(
    'order-1 cannot be retried: it has not faulted\n',
  );
});

test('a migration lists differences and obstacles', () => {
  const plan = {
    possible: false,
    from: '1.0.0',
    to: '2.0.0',
    differences: [
      { reference: '/do/1/pay', change: 'moved', from: '/do/0/pay' },
      { reference: '/do/0/check', change: 'added' },
    ],
    obstacles: [{ reference: '/do/2/ship', reason: 'it is gone' }],
  };
  expect(migrationPlanText('order-1', plan)).toBe(
    `order-1 cannot go on with version 2.0.0; it runs 1.0.0.
Differences:
  moved    /do/1/pay from /do/0/pay
  added    /do/0/check
In the way:
  /do/2/ship: it is gone
`,
  );
});
