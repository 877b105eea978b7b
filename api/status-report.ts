import { QueryNotRegisteredError } from '@temporalio/client';
import type { WorkflowExecutionDescription } from '@temporalio/client';
import { z } from 'zod';
import { isJsonObject } from '../dsl/json.ts';
import { executionStatuses, statusQuery } from '../workflows/contract.ts';
import type { StatusReport } from '../workflows/contract.ts';
import type { ApiDependencies } from './dependencies.ts';
import { isDeadline } from './error-problem.ts';
import { isPending } from './execution-view.ts';
import { temporalDeadlineMs, withinDeadline } from './temporal-deadline.ts';

/** What an execution says of itself, without what Temporal tells. */
export type Reported = Omit<StatusReport, 'workflow'>;

/** The report, or why there is none. */
export type StatusAnswer =
  | { readonly report: Reported; readonly unavailable?: undefined }
  | { readonly report?: undefined; readonly unavailable: string };

const record = <T>(): z.ZodType<T> => z.custom<T>(isJsonObject);

const statusReport: z.ZodType<Reported> = z.object({
  status: z.enum(executionStatuses),
  tasks: z.array(record<Reported['tasks'][number]>()),
  omittedTasks: z.number(),
  error: record<NonNullable<Reported['error']>>().optional(),
  held: z.boolean().optional(),
  suspendedAt: z.string().optional(),
  migration: record<NonNullable<Reported['migration']>>().optional(),
  compensations: z.array(record<NonNullable<Reported['compensations']>[number]>()).optional(),
  omittedCompensations: z.number().optional(),
  children: z.array(record<NonNullable<Reported['children']>[number]>()).optional(),
});

/** Nobody can be asked yet, and there is nothing to tell. */
const notBegun: StatusAnswer = { report: { status: 'pending', tasks: [], omittedTasks: 0 } };

/** Asks a run what it is at. Needs a worker; without one the answer comes after 5 s, and says so. */
export async function readStatusReport(
  { client, connection }: ApiDependencies,
  description: WorkflowExecutionDescription,
): Promise<StatusAnswer> {
  if (isPending(description)) return notBegun;
  try {
    const handle = client.workflow.getHandle(description.workflowId, description.runId);
    const report = await withinDeadline(connection, temporalDeadlineMs, () =>
      handle.query<unknown>(statusQuery),
    );
    const parsed = statusReport.safeParse(report);
    return parsed.success
      ? { report: parsed.data }
      : unavailable('The workflow reports its tasks in an unknown form');
  } catch (error) {
    if (error instanceof QueryNotRegisteredError)
      return unavailable('The workflow does not report its tasks');
    if (isDeadline(error)) return unavailable(`No worker answered within ${temporalDeadlineMs / 1_000} s`);
    return unavailable('No worker can be asked for the tasks');
  }
}

function unavailable(why: string): StatusAnswer {
  return { unavailable: why };
}
