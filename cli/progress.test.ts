import { ProgressView, taskLine } from './progress.ts';
import { recordingTerminal } from './recording-terminal.ts';
import type { Execution, TaskRunView } from './responses.ts';

const start = Date.parse('2030-01-01T00:00:00Z');
const plain = (_kind: unknown, text: string): string => text;

function task(changes: Partial<TaskRunView>): TaskRunView {
  return {
    seq: 1,
    reference: '/do/0/reserve',
    name: 'reserve',
    status: 'running',
    attempt: 1,
    startedAt: '2030-01-01T00:00:00Z',
    ...changes,
  };
}

function execution(tasks: TaskRunView[]): Execution {
  return { id: 'one', workflow: 'shop/order', status: 'running', tasks };
}

test('a running task shows how long it has taken so far', () => {
  expect(taskLine(task({}), start + 1_500, plain)).toMatch(/^▸ reserve +running +1\.5 s$/);
});

test('an ended task shows its own duration, and its attempt where it was not the first', () => {
  const line = taskLine(
    task({ status: 'faulted', attempt: 2, endedAt: '2030-01-01T00:00:00.250Z' }),
    start + 9_000,
    plain,
  );
  expect(line).toMatch(/^✖ reserve +faulted +250 ms {2}attempt 2$/);
});

test('a nested task is indented by its depth', () => {
  const line = taskLine(task({ reference: '/do/5/pay/try/0/charge', name: 'charge' }), start, plain);
  expect(line).toMatch(/^▸ {3}charge /);
});

test('where lines cannot be drawn over, each change is one line and no change is none', () => {
  const terminal = recordingTerminal();
  const view = new ProgressView(terminal);
  view.update(execution([task({})]), start);
  view.update(execution([task({})]), start + 300);
  view.update(execution([task({ status: 'completed', endedAt: '2030-01-01T00:00:00.500Z' })]), start + 600);
  const lines = terminal.written.out.trimEnd().split('\n');
  expect(lines.map((line) => line.split(/\s+/)[2])).toEqual(['running', 'completed']);
});

test('on a terminal the lines are drawn over in place', () => {
  const terminal = recordingTerminal(true);
  const view = new ProgressView(terminal);
  view.update(execution([task({}), task({ seq: 2, name: 'charge' })]), start);
  terminal.written.out = '';
  view.update(execution([task({}), task({ seq: 2, name: 'charge' })]), start);
  expect(terminal.written.out.startsWith('\u001b[2A\r\u001b[J')).toBe(true);
});
