import {
  ApplicationFailure,
  CancellationScope,
  ChildWorkflowFailure,
  executeChild,
  workflowInfo,
} from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { standardFault, WorkflowFault, type WorkflowError } from '../../../dsl/errors.ts';
import { asJson, jsonSize, type Json } from '../../../dsl/json.ts';
import type { Definition, WorkflowProcess } from '../../../dsl/types.ts';
import { definitionWorkflowType, maxArgumentBytes, type StartArgument } from '../../contract.ts';
import { callActivity } from '../call-activity.ts';
import { idempotencyKey } from '../idempotency-key.ts';
import { childWorkflowId, summary } from '../names.ts';
import type { Outcome, Run } from '../runner.ts';
import { showStatus } from '../show-status.ts';
import { attributesOf } from '../search-attributes.ts';
import { startOnce } from '../start-once.ts';

/**
 * Runs another deployed definition as a child workflow. With `await: false` the child goes on by itself and the input
 * passes through. Open Workflow DSL, "Workflow Process".
 */
export async function runWorkflow(workflow: WorkflowProcess, input: Json, run: Run<'run'>): Promise<Outcome> {
  const { namespace, name, version } = workflow;
  const definition = await callActivity(
    run,
    { reference: run.reference, namespace, name, version },
    (activities, request) => activities.loadDefinition(request),
  );
  const start = startArgument(definition, run.evaluateAll(workflow.input ?? {}, input), run);
  const options = {
    workflowId: childWorkflowId(
      workflowInfo().workflowId,
      run.name,
      idempotencyKey(run.execution.position.seed, run.path),
    ),
    args: [start],
    typedSearchAttributes: attributesOf(definition.document),
    staticSummary: summary(`${definition.document.version}, child of ${workflowInfo().workflowId}`),
  };
  await run.execution.pacing.admit(jsonSize(asJson(start)));
  if (run.task.run.await === false) {
    await startOnce(start.type, options);
    return { output: input };
  }
  run.execution.log.working(1);
  showStatus(run.execution);
  try {
    const output: Json = await executeChild(start.type, options);
    return { output: run.task.run.return === 'none' ? null : (output ?? null) };
  } catch (error) {
    throw faultOf(error, run.reference);
  } finally {
    run.execution.log.working(-1);
  }
}

function startArgument(definition: Definition, input: Json, run: Run<'run'>): StartArgument {
  const { namespace, name } = definition.document;
  const { limits, lifecycle } = run.execution.start;
  const size = jsonSize(input);
  if (size > limits.payloadBytes) {
    throw standardFault(
      'runtime',
      run.reference,
      `The child's input has ${size} bytes, more than limits.payloadBytes`,
    );
  }
  const start: StartArgument = {
    perdure: 1,
    type: definitionWorkflowType(namespace, name),
    definition,
    input,
    limits,
    ...(lifecycle === undefined ? {} : { lifecycle }),
  };
  const total = jsonSize(asJson(start));
  if (total <= maxArgumentBytes) return start;
  throw standardFault(
    'runtime',
    run.reference,
    `The child's input and definition have ${total} bytes together, more than ${maxArgumentBytes}`,
  );
}

/** A child's own fault is the task's, and so is a child that somebody ended from outside. */
function faultOf(error: unknown, reference: string): unknown {
  if (error instanceof WorkflowExecutionAlreadyStartedError) {
    return standardFault('runtime', reference, `The child ${error.workflowId} is at work already`);
  }
  // A cancellation of the task itself comes back as the child's, and has to pass through.
  if (!(error instanceof ChildWorkflowFailure) || CancellationScope.current().consideredCancelled)
    return error;
  const { cause } = error;
  if (!(cause instanceof ApplicationFailure)) {
    const detail = `The child did not complete: ${cause?.message ?? error.message}`;
    return standardFault('runtime', reference, detail);
  }
  const [detail] = cause.details ?? [];
  if (detail !== undefined) return new WorkflowFault({ ...(detail as WorkflowError), instance: reference });
  return standardFault('runtime', reference, cause.message);
}
