import { workflowInfo } from '@temporalio/workflow';
import { onFaultOf } from '../../../dsl/on-fault.ts';
import { standardFault } from '../../../dsl/errors.ts';
import { asJson, jsonSize, type Json } from '../../../dsl/json.ts';
import type { Definition, WorkflowProcess } from '../../../dsl/types.ts';
import { definitionWorkflowType, maxArgumentBytes, memoKeys, type StartArgument } from '../../contract.ts';
import { callActivity } from '../call-activity.ts';
import { awaitChild, type Child } from '../child.ts';
import { idempotencyKey } from '../idempotency-key.ts';
import { childWorkflowId, summary } from '../names.ts';
import type { Outcome, Run } from '../runner.ts';
import { attributesOf } from '../search-attributes.ts';
import { startOnce } from '../start-once.ts';

/**
 * Runs another deployed definition as a child workflow. With `await: false` the child goes on by itself and the input
 * passes through. Open Workflow DSL, "Workflow Process".
 */
export async function runWorkflow(workflow: WorkflowProcess, input: Json, run: Run<'run'>): Promise<Outcome> {
  if (run.task.run.await === false) {
    const { type, options } = await newChild(workflow, input, run);
    await run.execution.pacing.admit(jsonSize(asJson(options.args)));
    await startOnce(type, options);
    return { output: input };
  }
  const output = await retriedChild(workflow, input, run);
  return { output: run.task.run.return === 'none' ? null : output };
}

/** The output of the child; one that ended before, and has to run again, goes on where it stood. */
async function retriedChild(workflow: WorkflowProcess, input: Json, run: Run<'run'>): Promise<Json> {
  const { workflowId, retryOf } = run.frame.child ?? {};
  if (workflowId === undefined || retryOf === undefined)
    return awaitChild(run, () => newChild(workflow, input, run));
  const retry = await callActivity(
    run,
    { reference: run.reference, workflowId, runId: retryOf },
    (activities, request) => activities.planChildRetry(request),
  );
  if (retry.status === 'completed') return retry.output;
  if (retry.status === 'running') run.frame.child = { workflowId, runId: retry.runId };
  return awaitChild(run, async () =>
    retry.status === 'ended' && retry.start !== undefined
      ? childOf(retry.start, run)
      : newChild(workflow, input, run),
  );
}

async function newChild(workflow: WorkflowProcess, input: Json, run: Run<'run'>): Promise<Child> {
  const { namespace, name, version } = workflow;
  const definition = await callActivity(
    run,
    { reference: run.reference, namespace, name, version },
    (activities, request) => activities.loadDefinition(request),
  );
  return childOf(startArgument(definition, run.evaluateAll(workflow.input ?? {}, input), run), run);
}

function childOf(start: StartArgument, run: Run<'run'>): Child {
  const { workflowId } = workflowInfo();
  const { document } = start.definition;
  const isAwaited = run.task.run.await !== false;
  return {
    type: start.type,
    options: {
      workflowId: childWorkflowId(
        workflowId,
        run.name,
        idempotencyKey(run.execution.position.seed, run.path),
      ),
      args: [start],
      typedSearchAttributes: attributesOf(document),
      memo: {
        [memoKeys.workflow]: `${document.namespace}/${document.name}`,
        ...(isAwaited ? { [memoKeys.awaitedBy]: workflowId } : {}),
      },
      staticSummary: summary(`${document.version}, child of ${workflowId}`),
    },
  };
}

function startArgument(definition: Definition, input: Json, run: Run<'run'>): StartArgument {
  const { namespace, name } = definition.document;
  const { limits, lifecycle } = run.execution.start;
  const onFault = onFaultOf(definition) ?? run.execution.onFault;
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
    ...(onFault === undefined ? {} : { onFault }),
  };
  const total = jsonSize(asJson(start));
  if (total <= maxArgumentBytes) return start;
  throw standardFault(
    'runtime',
    run.reference,
    `The child's input and definition have ${total} bytes together, more than ${maxArgumentBytes}`,
  );
}
