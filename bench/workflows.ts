/** What the benchmark's worker runs: Perdure's own workflows, and the same three calls written by hand. */
import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import { isJsonObject, type Json } from '../dsl/json.ts';
import type { HttpCallRequest } from '../workflows/contract.ts';

export { default } from '../workflows/index.ts';

const { callHttp } = proxyActivities<Activities>({
  startToCloseTimeout: '70 seconds',
  heartbeatTimeout: '10 seconds',
});

/** Three calls in order, each answer kept: what `three-calls.yaml` says, as a team would write it in TypeScript. */
export async function threeCalls(input: { readonly partner: string; readonly order: string }): Promise<Json> {
  const call = async (step: string): Promise<Json> => {
    const request: HttpCallRequest = {
      reference: `/${step}`,
      with: { method: 'post', endpoint: `${input.partner}/${step}`, body: { order: input.order } },
      deferred: {},
      idempotencyKey: `${input.order}-${step}`,
      secrets: [],
      timeoutMs: 60_000,
      maxResponseBytes: 1_500_000,
    };
    const answer = await callHttp(request);
    return isJsonObject(answer) ? (answer['done'] ?? null) : null;
  };
  return {
    order: input.order,
    reserve: await call('reserve'),
    charge: await call('charge'),
    ship: await call('ship'),
  };
}
