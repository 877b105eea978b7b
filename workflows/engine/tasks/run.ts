import {
  ApplicationFailure,
  ChildWorkflowFailure,
  executeChild,
  ParentClosePolicy,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import { standardFault, WorkflowFault, type WorkflowError } from '../../../dsl/errors.ts';
import { jsonSize, type Json } from '../../../dsl/json.ts';
import type { Definition } from '../../../dsl/types.ts';
import { definitionWorkflowType, type StartArgument } from '../../contract.ts';
import { callActivity } from '../call-activity.ts';
import { idempotencyKey } from '../idempotency-key.ts';
import type { Run, Runner } from '../runner.ts';
import { showStatus } from '../show-status.ts';
import { attributesOf } from '../search-attributes.ts';

/**
 * Runs another deployed definition as a child workflow. With `await: false` the child goes on by itself and the input
 * passes through. Open Workflow DSL, "Run" and "Workflow Process".
 */
export const runRun: Runner<'run'> = async (task, input, run) => {
  const { workflow, await: awaited = true } = task.run;
  if (workflow === undefined)
    throw standardFault('configuration', run.reference, 'Only run: workflow is run yet');
  const { namespace, name, version } = workflow;
  const definition = await callActivity(
    run,
    { reference: run.reference, namespace, name, version },
    (activities, request) => activities.loadDefinition(request),
  );
  const start = startArgument(definition, run.evaluateAll(workflow.input ?? {}, input), run);
  const options = {
    // The id names the task: whoever repeats this start finds the same child.
    workflowId: `${workflowInfo().workflowId}/${run.name}-${idempotencyKey(run.execution.position.seed, run.path).slice(0, 12)}`,
    args: [start],
    typedSearchAttributes: attributesOf(definition.document),
    staticSummary: `${definition.document.version}, child of ${workflowInfo().workflowId}`,
  };
  if (!awaited) {
    await startChild(start.type, { ...options, parentClosePolicy: ParentClosePolicy.ABANDON });
    return { output: input };
  }
  run.execution.log.working(1);
  showStatus(run.execution);
  try {
    const output: Json = await executeChild(start.type, options);
    return { output: task.run.return === 'none' ? null : (output ?? null) };
  } catch (error) {
    throw faultOf(error, run.reference);
  } finally {
    run.execution.log.working(-1);
  }
};

function startArgument(definition: Definition, input: Json, run: Run<'run'>): StartArgument {
  const { namespace, name } = definition.document;
  const { limits } = run.execution.start;
  const size = jsonSize(input);
  if (size > limits.payloadBytes) {
    throw standardFault(
      'runtime',
      run.reference,
      `The child's input has ${size} bytes, more than limits.payloadBytes`,
    );
  }
  return { perdure: 1, type: definitionWorkflowType(namespace, name), definition, input, limits };
}

/** A child's own fault is the task's; its instance stays a pointer into the child's definition. */
function faultOf(error: unknown, reference: string): unknown {
  if (!(error instanceof ChildWorkflowFailure)) return error;
  const { cause } = error;
  if (!(cause instanceof ApplicationFailure)) return error;
  const [detail] = cause.details ?? [];
  if (detail !== undefined) return new WorkflowFault({ ...(detail as WorkflowError), instance: reference });
  return standardFault('runtime', reference, cause.message);
}
