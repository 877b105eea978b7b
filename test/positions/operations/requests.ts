/** What the partner was asked for, against the undisturbed execution. */
import type { Execution } from '../execution.ts';
import type { Stage } from '../stage.ts';

/** How often the partner was asked for each step, those left out that it depends on chance whether they are asked for. */
export function stepsOf({ row, partner }: Execution): Readonly<Record<string, number>> {
  // What the subject raises ends the other branch, wherever that is.
  const isChance = (step: string): boolean => row.subject.raises === true && step === 'aside/1';
  const counts = new Map<string, number>();
  for (const { step } of partner.log) if (!isChance(step)) counts.set(step, (counts.get(step) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([left], [right]) => left.localeCompare(right)));
}

/**
 * The partner was asked for what it is asked for undisturbed, and as often, but for the steps that may come again. Every
 * request of a step had the same key, and no two steps had the same.
 */
export function expectSameRequests(
  stage: Stage,
  execution: Execution,
  mayComeAgain: readonly string[] = [],
): void {
  const { id, row } = execution;
  const asked = stepsOf(execution);
  const expected = { ...stage.undisturbed(row).steps };
  // Publishing gives a sink 10 s, and then publishes the same event again.
  const slow = row.subject.name === 'emit' ? ['subject/1'] : [];
  for (const step of [...mayComeAgain, ...slow])
    if (step in expected) expected[step] = Math.max(expected[step] ?? 0, asked[step] ?? 0);
  expect({ id, asked }).toEqual({ id, asked: expected });

  const { log } = execution.partner;
  const count = (values: readonly string[]): number => new Set(values).size;
  const steps = count(log.map(({ step }) => step));
  const keys = count(log.map(({ key }) => key));
  const pairs = count(log.map(({ step, key }) => `${step} ${key}`));
  expect({ id, keys, pairs }).toEqual({ id, keys: steps, pairs: steps });
}
