import { WorkflowFault } from '../../dsl/errors.ts';
import type { Definition, Task } from '../../dsl/types.ts';
import { defaultLimits, type StatusReport } from '../contract.ts';
import type { CompensationEntry, CompensationFrame } from './compensation/registry.ts';
import { noteFailure } from './compensation/registry.ts';
import type { Execution } from './execution.ts';
import type { Position, TaskFrame } from './position.ts';
import { report, type Ending } from './report.ts';
import { createTaskLog, type TaskLog } from './task-log.ts';

const many = Array.from({ length: 1_000 }, (_, index) => index);
const bytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));
const maxBytes = 256 * 1_024;

/** Names, data and errors as long as they can be: in letters, and in what JSON writes with six bytes. */
const texts = (length: number): readonly string[] => ['x'.repeat(length), '\u0001'.repeat(length)];

const definition = (branches: readonly Record<string, Task>[]): Definition => ({
  document: { dsl: '1.0.3', namespace: 'test', name: 'large', version: '1.0.0' },
  do: [{ all: { fork: { branches } } }],
});

function execution(parts: {
  readonly log?: TaskLog;
  readonly position?: Partial<Position>;
  readonly definition?: Definition;
}): Execution {
  const { log = createTaskLog(500), position = {} } = parts;
  return {
    start: { definition: parts.definition ?? definition([]), limits: defaultLimits },
    position: { seed: '', startedAt: 0, seq: 0, context: null, ...position },
    log,
    status: () => log.status(),
  } as unknown as Execution;
}

/** The report, which is small enough. */
function told(of: Execution, ending: Ending = {}): StatusReport {
  const found = report(of, ending);
  expect(bytes(found)).toBeLessThanOrEqual(maxBytes);
  return found;
}

/** So many task runs, that end where `ends` says so. */
function filled(count: number, name: string, ends: boolean): TaskLog {
  const log = createTaskLog(500);
  for (let seq = 1; seq <= count; seq++) {
    const input = 'x'.repeat(1_022);
    const record = log.begin({ seq, reference: `/do/${seq}/${name}`, name, attempt: 1, startedAt: 0, input });
    if (ends) log.end(record, 'completed', 1, input);
  }
  return log;
}

function undone(count: number, name: string, fail: (index: number) => string | undefined): CompensationFrame {
  const entries = many.slice(0, count).map((order): CompensationEntry => {
    const reference = `/do/${order}/${name}`;
    return {
      path: `${reference}#1`,
      reference,
      name,
      input: null,
      locals: {},
      tasks: 0,
      done: { order, output: null },
    };
  });
  const frame = { entries, lists: [], completed: count, bytes: 0 };
  // In the order in which they are undone.
  for (const index of many.slice(0, count).toReversed()) {
    const detail = fail(index);
    const undo = { attempt: 1, state: detail === undefined ? 'completed' : 'failed' } as const;
    Object.assign(entries[index] ?? {}, { undo });
    if (detail === undefined) continue;
    noteFailure(frame, undo, { type: detail, status: 500, instance: detail, title: detail, detail });
  }
  return frame;
}

/** A fork whose branches all wait for a child. */
function children(name: string): { readonly definition: Definition; readonly position: Partial<Position> } {
  const task = { run: { workflow: { namespace: 'test', name: 'child', version: '1.0.0' } } } as Task;
  const branches = many.map((index) => ({
    task: {
      seq: index + 2,
      startedAt: 0,
      input: null,
      body: { child: { workflowId: `${index}${'w'.repeat(290)}`, runId: 'r' } },
    } satisfies TaskFrame,
  }));
  const fork = { seq: 1, startedAt: 0, input: null, body: { branches } };
  return {
    definition: definition(many.map((index) => ({ [`${name}${index}`]: task }))),
    position: { root: { index: 0, data: null, visits: {}, task: fork } },
  };
}

const obstacles = (text: string) => many.map(() => ({ reference: `/${text}`, reason: text }));
const largeFault = (text: string) => {
  const { error } = new WorkflowFault({ type: text, status: 500, title: text, detail: text, instance: text });
  return { error, through: [], at: 0 };
};

test.each([...texts(1), ...texts(300), ...texts(100_000)])(
  'task runs: the longest names that the status tells, and the largest data: %#',
  (name) => {
    for (const ends of [true, false]) {
      const { tasks, omittedTasks } = told(
        execution({ log: filled(1_000, name, ends), position: { seq: 1_000 } }),
      );
      expect(tasks.length).toBeGreaterThan(5);
      expect(tasks.length + omittedTasks).toBe(1_000);
    }
  },
);

test('a fork of 1,000 branches under way is told whole', () => {
  const { tasks } = told(execution({ log: filled(1_000, 'branch', false), position: { seq: 1_000 } }));
  expect(tasks.length).toBe(1_000);
});

test.each([...texts(20), ...texts(20_000)])('compensations: those that failed come first: %#', (text) => {
  const failed = new Set([3, 500, 999]);
  const compensation = undone(1_000, text, (index) => (failed.has(index) ? text : undefined));
  const { compensations = [], omittedCompensations = 0 } = told(execution({ position: { compensation } }));
  const failures = compensations.filter(({ status }) => status === 'failed');
  // Undone latest first.
  expect(failures.map(({ reference }) => reference.slice(0, 8))).toEqual(
    [999, 500, 3].map((index) => `/do/${index}/${text}`.slice(0, 8)).slice(0, failures.length),
  );
  expect(failures.length).toBeGreaterThan(0);
  expect(compensations.length + omittedCompensations).toBe(1_000);
});

test.each(texts(10_000))('compensations that all failed: %#', (text) => {
  const compensation = undone(1_000, 'task', () => text);
  // All of it has to fit into a start argument.
  expect(bytes(compensation)).toBeLessThan(500_000);
  const { compensations = [] } = told(execution({ position: { compensation } }));
  expect(compensations.length).toBeGreaterThan(5);
  expect(compensations[0]).toMatchObject({ status: 'failed', error: { status: 500 } });
});

test.each([...texts(5), ...texts(10_000)])('children: %#', (name) => {
  const { children: listed = [] } = told(execution(children(name)));
  expect(listed.length).toBeGreaterThan(0);
});

test.each([...texts(20), ...texts(20_000)])('a migration with many obstacles: %#', (text) => {
  const migration = { state: 'refused', version: '2.0.0', obstacles: obstacles(text) } as const;
  const { migration: shown } = told(execution({ position: { migration } }));
  expect(shown).toMatchObject({ state: 'refused', version: '2.0.0' });
  expect(shown?.obstacles.length).toBeGreaterThan(0);
});

test.each([...texts(10_000), ...texts(100_000)])('everything at once: %#', (text) => {
  const { definition: large, position } = children(text.slice(0, 5_000));
  const held = largeFault(text);
  const whole = execution({
    definition: large,
    log: filled(1_000, text, false),
    position: {
      ...position,
      seq: 1_000,
      held,
      suspendedAt: 0,
      migration: { state: 'refused', version: '2.0.0', obstacles: obstacles(text) },
      compensation: undone(1_000, text, () => text),
    },
  });
  const found = told(whole);
  expect(found).toMatchObject({ held: true, error: { status: 500 } });
  for (const list of [found.tasks, found.compensations, found.children, found.migration?.obstacles])
    expect(list?.length).toBeGreaterThan(0);
  expect(told(whole, { status: 'faulted', fault: held })).toMatchObject({ status: 'faulted' });
});
