import type { WorkflowExecutionDescription } from '@temporalio/client';
import { memoKeys } from '../../workflows/contract.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { isNotFound } from '../error-problem.ts';
import { describeExecution } from '../read-execution.ts';

/** Executions that wait for each other in a row; more than anybody nests. */
const maxDepth = 50;

/** The outermost of the executions that waited for this one, each for the next; undefined where nobody did. */
export async function waitingRoot(
  dependencies: ApiDependencies,
  execution: WorkflowExecutionDescription,
): Promise<string | undefined> {
  let root = awaitedBy(execution);
  for (let depth = 0; root !== undefined && depth < maxDepth; depth++) {
    const above = await whoAwaits(dependencies, root);
    if (above === undefined) break;
    root = above;
  }
  return root;
}

function awaitedBy({ memo }: Pick<WorkflowExecutionDescription, 'memo'>): string | undefined {
  const value = memo?.[memoKeys.awaitedBy];
  return typeof value === 'string' ? value : undefined;
}

async function whoAwaits(dependencies: ApiDependencies, id: string): Promise<string | undefined> {
  try {
    return awaitedBy(await describeExecution(dependencies, id));
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
