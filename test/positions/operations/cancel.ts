import { begin, type Execution } from '../execution.ts';
import { standing } from '../spots.ts';
import type { Stage } from '../stage.ts';
import { eachRow } from './operation.ts';
import { stepsOf } from './requests.ts';

/** It is cancelled at its position, and leaves nothing behind. */
export const cancel = eachRow(['cancel'], async (stage, row) => {
  const execution = await begin(stage, row, { operation: 'cancel', pause: 'PT1H' });
  const { handle, partner } = execution;
  await standing(execution);
  const { raw } = await handle.describe();
  const children = (raw.pendingChildren ?? []).map(({ workflowId }) => workflowId ?? '');
  expect(children.length).toBe(row.subject.name === 'run workflow' ? 1 : 0);
  const steps = stepsOf(execution);
  await handle.cancel();
  expect(await cancelled(stage, execution, handle.workflowId)).toBe('CANCELLED');
  for (const child of children) expect(await cancelled(stage, execution, child)).toBe('CANCELLED');
  await execution.until(
    'the end of the requests',
    () => partner.log.every(({ state }) => state !== 'held') || undefined,
  );
  expect(stepsOf(execution)).toEqual(steps);
  expect(await stage.events.subscriptions(execution.id)).toBe(0);
});

/** The status of an execution once it is closed. */
function cancelled({ service }: Stage, execution: Execution, id: string): Promise<string> {
  const handle = service.client.workflow.getHandle(id);
  return execution.until(`the end of ${id}`, async () => {
    const { status } = await handle.describe();
    return status.name === 'RUNNING' ? undefined : status.name;
  });
}
