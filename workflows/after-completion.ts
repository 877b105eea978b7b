/**
 * One turn of a `schedule.after`: runs the definition and waits. The schedule in Temporal keeps one turn ready behind it,
 * so that the next execution starts when the wait is over, and also when this workflow was terminated. Open Workflow DSL,
 * "Schedule".
 */
import {
  ChildWorkflowFailure,
  executeChild,
  ParentClosePolicy,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import type { AfterCompletionArgument } from './contract.ts';
import { attributesOf } from './engine/search-attributes.ts';
import { memoKeys } from './contract.ts';

/** Ends once the execution ended, in whatever way, and the wait behind it is over. */
export async function afterCompletion({
  start,
  executionId,
  waitMs,
}: AfterCompletionArgument): Promise<void> {
  const { namespace, name } = start.definition.document;
  // Temporal gives each start of a schedule its time: `<id>-2026-01-31T12:00:00Z`.
  const [time = workflowInfo().runId] = /\d{4}-\d\d-\d\dT[\d:]+Z$/.exec(workflowInfo().workflowId) ?? [];
  try {
    await executeChild(start.type, {
      workflowId: `${executionId}-${time}`,
      args: [start],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      typedSearchAttributes: attributesOf(start.definition.document),
      memo: { [memoKeys.workflow]: `${namespace}/${name}` },
    });
  } catch (error) {
    // An execution that faulted or was cancelled has ended, too; the next one has its own chance.
    if (!(error instanceof ChildWorkflowFailure)) throw error;
  }
  await sleep(waitMs);
}
