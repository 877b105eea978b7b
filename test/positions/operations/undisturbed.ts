import type { JsonObject } from '../../../dsl/json.ts';
import { begin } from '../execution.ts';
import { expectedOutcome } from '../outcomes.ts';
import { eachRow } from './operation.ts';
import { stepsOf } from './requests.ts';

/** Nothing happens: what all others are measured by. */
export const undisturbed = eachRow(['undisturbed'], async (stage, row) => {
  const execution = await begin(stage, row, { operation: 'undisturbed', held: [] });
  await execution.endsWith(expectedOutcome(row));
  const asked = execution.partner.log.find(({ step }) => step === 'gate/1');
  stage.keep(row, { steps: stepsOf(execution), data: asked?.body as JsonObject });
});
