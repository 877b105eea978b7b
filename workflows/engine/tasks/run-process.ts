import { workflowInfo } from '@temporalio/workflow';
import { asJson, jsonSize, type Json, type JsonObject } from '../../../dsl/json.ts';
import type { ContainerProcess, ScriptProcess, ShellProcess } from '../../../dsl/types.ts';
import {
  detachedProcessType,
  type DetachedProcess,
  type ProcessKind,
  type ProcessRequest,
} from '../../contract.ts';
import { callActivity } from '../call-activity.ts';
import { deferSecrets } from '../deferred.ts';
import { idempotencyKey } from '../idempotency-key.ts';
import { withNamedAuthentication } from '../named-authentication.ts';
import { childWorkflowId, summary } from '../names.ts';
import { processActivities } from '../process-activity.ts';
import type { Outcome, Run } from '../runner.ts';
import { startOnce } from '../start-once.ts';

/** Runs a script, a shell command or a container through an activity, which alone sees the secrets of its arguments. */
export async function runProcess(
  kind: ProcessKind,
  described: ScriptProcess | ShellProcess | ContainerProcess,
  input: Json,
  run: Run<'run'>,
): Promise<Outcome> {
  const request = processRequest(asJson(described), input, run);
  if (run.task.run.await === false) {
    await startDetached({ kind, request }, run);
    return { output: input };
  }
  const { timeoutMs } = request;
  return { output: await callActivity(run, request, processActivities[kind], { timeoutMs }) };
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

async function startDetached(process: DetachedProcess, run: Run<'run'>): Promise<void> {
  const { workflowId } = workflowInfo();
  await run.execution.pacing.admit(jsonSize(asJson(process)));
  await startOnce(detachedProcessType, {
    workflowId: childWorkflowId(workflowId, run.name, process.request.idempotencyKey),
    args: [process],
    staticSummary: summary(`${run.name}, not waited for by ${workflowId}`),
  });
}
