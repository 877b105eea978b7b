import { ParentClosePolicy, startChild, type ChildWorkflowOptions } from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';

/**
 * Starts a child that outlives its parent. A retry may find the child of the attempt before at work: it is the same one,
 * and is not to be waited for.
 */
export async function startOnce(
  type: string,
  options: ChildWorkflowOptions & { readonly args: unknown[] },
): Promise<void> {
  try {
    await startChild(type, { ...options, parentClosePolicy: ParentClosePolicy.ABANDON });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
