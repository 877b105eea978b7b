/** For tests of compensation: definitions that stop, and waiting for what an execution comes to. */
import type { WorkflowHandle } from '@temporalio/client';
import type { Desk } from '../desk.ts';
import { eventually } from '../service-process.ts';
import type { Json } from '../../dsl/json.ts';
import { statusQuery, type ExecutionLimits, type StatusReport } from '../../workflows/contract.ts';
import type { DefinitionService, Ended } from './definition-service.ts';

/** A task that faults: under a condition, so that there is a way to what stands behind it. */
export const bad = `{ fail: { if: '\${ true }', raise: { error: { type: 'https://x.test/bad', status: 500, title: Bad } } } }`;

/** A task that waits for longer than any test. */
export const pause = `{ pause: { wait: PT1H } }`;

export function statusOf(handle: WorkflowHandle): Promise<StatusReport> {
  return handle.query<StatusReport>(statusQuery);
}

/** The report once it is as wanted. */
export function reports(
  what: string,
  handle: WorkflowHandle,
  wanted: (report: StatusReport) => boolean,
): Promise<StatusReport> {
  return eventually(what, async () => {
    const report = await statusOf(handle);
    return wanted(report) ? report : undefined;
  });
}

/** Waits until the execution does nothing but wait. */
export function waits(handle: WorkflowHandle): Promise<StatusReport> {
  return reports('a wait', handle, ({ status }) => status === 'waiting');
}

/** Waits until so many requests have come for a path. */
export function came(desk: Desk, path: string, times = 1): Promise<true> {
  return eventually(`${path}, ${times} times`, async () =>
    desk.requests(path).length >= times ? true : undefined,
  );
}

/** Waits until the execution has ended as cancelled, and gives what it then tells. */
export async function cancelled(handle: WorkflowHandle): Promise<StatusReport> {
  await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
  expect((await handle.describe()).status.name).toBe('CANCELLED');
  return statusOf(handle);
}

/** What is to be, is being or was undone, in that order: `NAME STATE`. */
export function undoings({ compensations = [] }: StatusReport): readonly string[] {
  return compensations.map(({ name, status }) => `${name} ${status}`);
}

/** Runs a definition that comes to {@link bad}, and gives how it ended. */
export async function faulted(
  service: DefinitionService,
  body: string,
  input: Json = {},
  limits: Partial<ExecutionLimits> = {},
): Promise<Ended> {
  const ended = await service.ended(await service.start(body, input, limits));
  expect(ended.error).toMatchObject({ type: 'https://x.test/bad', status: 500, title: 'Bad' });
  return ended;
}
