import { patched, workflowInfo } from '@temporalio/workflow';
import { asJson, jsonSize, type Json, type JsonObject } from '../../../dsl/json.ts';
import type { ContainerProcess, ScriptProcess, ShellProcess } from '../../../dsl/types.ts';
import {
  detachedProcessType,
  type DetachedProcess,
  type ProcessKind,
  type ProcessRequest,
} from '../../contract.ts';
import { callActivity } from '../call-activity.ts';
import { awaitChild, type Child } from '../child.ts';
import { deferSecrets } from '../deferred.ts';
import { idempotencyKey } from '../idempotency-key.ts';
import { withNamedAuthentication } from '../named-authentication.ts';
import { childWorkflowId, summary } from '../names.ts';
import { processActivities } from '../process-activity.ts';
import type { Outcome, Run } from '../runner.ts';
import { startOnce } from '../start-once.ts';

// Whoever waits for a barrier waits for activities, but not for children.
const longMs = 5 * 60_000;

/**
 * Runs a script, a shell command or a container through an activity, which alone sees the secrets of its arguments. One
 * that may take long is an execution of its own, which continue-as-new leaves at work. Design decision 3.
 */
export async function runProcess(
  kind: ProcessKind,
  described: ScriptProcess | ShellProcess | ContainerProcess,
  input: Json,
  run: Run<'run'>,
): Promise<Outcome> {
  const request = processRequest(asJson(described), input, run);
  const { timeoutMs } = request;
  const child = childOf({ kind, request }, run);
  if (run.task.run.await === false) {
    const { type, options } = child;
    await run.execution.pacing.admit(jsonSize(asJson(options.args)));
    await startOnce(type, options);
    return { output: input };
  }
  const isChild =
    run.frame.child !== undefined || (timeoutMs > longMs && patched('long-processes-are-children'));
  const output = isChild
    ? await awaitChild(run, async () => child)
    : await callActivity(run, request, processActivities[kind], { timeoutMs });
  return { output };
}

function processRequest(described: JsonObject, input: Json, run: Run<'run'>): ProcessRequest {
  const { position, start } = run.execution;
  const { namespace, name } = start.definition.document;
  // Code is no template: `${ }` has a meaning of its own in JavaScript, and data must not become code.
  const { code, ...templates } = described;
  const { with: args, ...deferred } = deferSecrets(withNamedAuthentication(templates, run), input, run);
  return {
    ...deferred,
    with: code === undefined ? args : { ...args, code },
    return: run.task.run.return ?? 'stdout',
    reference: run.reference,
    workflow: { namespace, name },
    task: run.name,
    taskRun: run.record.seq,
    idempotencyKey: idempotencyKey(position.seed, run.path),
    secrets: start.definition.use?.secrets ?? [],
    // The process ends by itself when the task's timeout strikes, so that nothing waits for the next heartbeat.
    timeoutMs:
      run.deadline === undefined ? start.limits.callTimeoutMs : Math.max(1, run.deadline - Date.now()),
    maxResponseBytes: start.limits.payloadBytes,
  };
}

/** The process as an execution of its own. */
function childOf(process: DetachedProcess, run: Run<'run'>): Child {
  const { workflowId } = workflowInfo();
  return {
    type: detachedProcessType,
    options: {
      workflowId: childWorkflowId(workflowId, run.name, process.request.idempotencyKey),
      args: [process],
      staticSummary: summary(`${run.name} of ${workflowId}`),
    },
  };
}
