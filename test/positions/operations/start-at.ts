import { begin } from '../execution.ts';
import { expectedOutcome } from '../outcomes.ts';
import { eachRow } from './operation.ts';
import { stepsOf } from './requests.ts';

/** It starts at its position, on the data that the undisturbed execution had there: it ends as that one did. */
export const startAt = eachRow(['start-at'], async (stage, row) => {
  const { nesting } = row;
  if (nesting.refusesStart !== undefined) return { notApplicable: nesting.refusesStart };
  const { data, steps } = stage.undisturbed(row);
  const execution = await begin(stage, row, {
    operation: 'start-at',
    held: [],
    startAt: {
      task: `${nesting.list}/1/subject`,
      data,
      context: { gates: nesting.turns.filter((turn) => turn <= 1).length },
      ...(nesting.loop !== undefined && { iterations: { [nesting.loop]: 1 } }),
    },
  });
  await execution.endsWith(expectedOutcome(row));
  const isBefore = (step: string): boolean => step === 'gate/1' || /\/0(?:\.|$)/.test(step);
  // What it raises may end the other branch before that has begun.
  const isChance = (step: string): boolean => row.subject.raises === true && step === 'beside/1';
  const counted = (asked: typeof steps): typeof steps =>
    Object.fromEntries(Object.entries(asked).filter(([step]) => !isBefore(step) && !isChance(step)));
  expect(execution.partner.log.filter(({ step }) => isBefore(step))).toEqual([]);
  expect(counted(stepsOf(execution))).toEqual(counted(steps));
});
