import { begin } from '../execution.ts';
import { expectedOutcome } from '../outcomes.ts';
import { eachRow } from './operation.ts';

/** Nothing happens: what all others are measured by. */
export const undisturbed = eachRow(['undisturbed'], async (stage, row) => {
  const execution = await begin(stage, row, { operation: 'undisturbed', free: true });
  await execution.endsWith(expectedOutcome(row));
  stage.steps.set(row, execution.steps());
});
