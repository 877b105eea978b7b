import type { WorkflowExecutionDescription } from '@temporalio/client';
import type { ApiDependencies } from '../dependencies.ts';
import { attributeStatus, executionStatus } from '../execution-view.ts';
import { refuseClosed } from '../open-execution.ts';
import { readStatusReport } from '../status-report.ts';
import type { StatusAnswer } from '../status-report.ts';
import { underWay } from './under-way.ts';
import type { UnderWay } from './under-way.ts';

/** What an open execution is at, and its own report. Fails with 409 where it has ended. */
export async function readOpenState(
  dependencies: ApiDependencies,
  description: WorkflowExecutionDescription,
): Promise<{ readonly state: UnderWay; readonly answer: StatusAnswer }> {
  refuseClosed(description);
  const answer = await readStatusReport(dependencies, description);
  const reported = answer.report?.status ?? attributeStatus(description);
  const status = executionStatus(description.status.name, reported);
  return { state: underWay(answer, status), answer };
}
