/** What the partner was asked for, against the undisturbed execution. */
import type { Execution } from '../execution.ts';
import type { Stage } from '../stage.ts';

/**
 * The partner was asked for what it is asked for undisturbed, and as often, but for the steps that may come again. Every
 * request of a step had the same key, and no two steps had the same.
 */
export function expectSameRequests(
  stage: Stage,
  execution: Execution,
  mayComeAgain: readonly (string | undefined)[] = [],
): void {
  const asked = execution.steps();
  const undisturbed = { ...stage.undisturbed(execution.row).steps };
  // Publishing gives a sink 10 s, and then publishes the same event again.
  const slow = execution.row.subject.name === 'emit' ? execution.row.subject.step : undefined;
  for (const step of [...mayComeAgain, slow]) {
    if (step === undefined || (undisturbed[step] ?? 0) >= (asked[step] ?? 0)) continue;
    undisturbed[step] = asked[step] ?? 0;
  }
  expect({ id: execution.id, asked }).toEqual({ id: execution.id, asked: undisturbed });

  const { log } = execution.partner;
  const sizeOf = (values: readonly string[]): number => new Set(values).size;
  const pairs = sizeOf(log.map(({ step, key }) => `${step} ${key}`));
  const keys = sizeOf(log.map(({ key }) => key));
  expect({ id: execution.id, pairs, keys }).toEqual({
    id: execution.id,
    pairs: keys,
    keys: sizeOf(log.map(({ step }) => step)),
  });
}
