import { operationQueries, operationRefusals, operationUpdates } from '../../../workflows/contract.ts';
import type { RetryPlan, RetryRequest } from '../../../workflows/contract.ts';
import type { JsonObject } from '../../../dsl/json.ts';
import { arrange, type Execution } from '../execution.ts';
import { expectedOutcome, outcomeWithoutRaise } from '../outcomes.ts';
import { eachRow } from './operation.ts';
import { heldOpen, retryEnded } from './retry.ts';
import { caught } from './trouble.ts';

/** It faults on its input; one that its schema refuses is refused, and with a good one it goes on. */
export const retryWithInput = eachRow(['retry with other input'], async (stage, row) => {
  const { subject } = row;
  if (subject.raises === true && row.nesting.catches === true) return caught;
  // A child that is held open has its own failed task; to edit what the child gets, the parent has to have ended.
  const isChild = subject.name === 'run workflow';
  const execution = arrange(stage, row, {
    operation: 'edit',
    held: ['beside'],
    ...(!isChild && { onFault: 'hold' }),
  });
  execution.partner.spoil(() => ({ n: -1 }));
  await execution.start();
  await (isChild ? execution.faults() : heldOpen(stage, execution));
  const good = execution.partner.log.find(({ step }) => step === 'gate/1')?.body as JsonObject;
  const edited = (data: JsonObject): RetryRequest => ({ input: (subject.edited ?? ((same) => same))(data) });
  await expectRefusal(execution, edited({ ...good, n: 'not a number' }), isChild);
  if (isChild) await retryEnded(stage, execution, edited(good));
  else await execution.update(operationUpdates.retry, edited(good));
  execution.release();
  await execution.endsWith(subject.raises === true ? outcomeWithoutRaise(row) : expectedOutcome(row));
  expectNewKey(execution);
});

async function expectRefusal(execution: Execution, request: RetryRequest, hasEnded: boolean): Promise<void> {
  const { invalidInput } = operationRefusals;
  const plan = await execution.handle.query<RetryPlan, [RetryRequest]>(operationQueries.retryPlan, request);
  expect(plan).toMatchObject({ possible: false, refusal: invalidInput });
  if (hasEnded) return;
  await expect(execution.update(operationUpdates.retry, request)).rejects.toMatchObject({
    cause: { type: invalidInput },
  });
}

/** The failed task asks under another key; every other request has a key of its own. */
function expectNewKey({ row, partner }: Execution): void {
  const refused = partner.log.filter(({ state }) => state === 'refused');
  for (const { step, key } of refused) {
    const keys = partner.log.filter((request) => request.step === step).map((request) => request.key);
    expect(keys.at(-1)).not.toBe(key);
  }
  expect(refused.length).toBe(row.subject.step === undefined ? 0 : 1);
}
