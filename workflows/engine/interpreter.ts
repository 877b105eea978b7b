/** The interpreter: one Temporal workflow that runs any definition. */
import {
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  continueAsNew,
  defineQuery,
  defineSignal,
  isCancellation,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { standardFault, WorkflowFault, type WorkflowError } from '../../dsl/errors.ts';
import { asJson, isJsonObject, jsonSize, type Json } from '../../dsl/json.ts';
import {
  eventSignal,
  maxArgumentBytes,
  statusQuery,
  type DeliveredEvent,
  type ExecutionStatus,
  type StartArgument,
  type StatusReport,
} from '../contract.ts';
import { beforeDeadline } from './deadline.ts';
import { receiveEvents } from './events/listeners.ts';
import { createExecution, type Execution } from './execution.ts';
import { duration, scopeOf, transform, validate } from './expressions.ts';
import { Stop } from './pacing.ts';
import { listFrame } from './position.ts';
import { reusable } from './reusable.ts';
import { runList } from './run-list.ts';
import { errorTypeAttribute } from './search-attributes.ts';

/** Runs a definition from its start argument to its output. Faults end it as failed, with the error as detail. */
export async function interpret(argument: unknown): Promise<Json> {
  const execution = createExecution(checkedStart(argument));
  const { lifecycle } = execution;
  let status: ExecutionStatus = 'running';
  let error: WorkflowError | undefined;
  setHandler(defineQuery<StatusReport>(statusQuery), () => report(execution, status, error), {
    description: 'Status, and the task runs in order of their start',
  });
  setHandler(defineSignal<[readonly DeliveredEvent[]]>(eventSignal), (batch) =>
    receiveEvents(execution.position, batch),
  );
  try {
    const output = await runOrContinue(execution);
    status = 'completed';
    lifecycle?.workflow('workflow.completed');
    await lifecycle?.flush();
    return output;
  } catch (failure) {
    if (isCancellation(failure)) {
      status = 'cancelled';
      lifecycle?.workflow('workflow.cancelled');
      await lifecycle?.flush();
    }
    if (!(failure instanceof WorkflowFault)) throw failure;
    status = 'faulted';
    ({ error } = failure);
    lifecycle?.workflow('workflow.faulted', { error: { ...error } });
    await lifecycle?.flush();
    // Longer keyword values fail the workflow in a way that nothing can catch.
    upsertSearchAttributes([{ key: errorTypeAttribute, value: error.type.slice(0, 255) }]);
    throw ApplicationFailure.create({
      message: failure.message,
      type: error.type,
      details: [error],
      nonRetryable: true,
    });
  } finally {
    setCurrentDetails('');
  }
}

/** Takes only what the API made: a default export gets every workflow type that nobody else knows. */
function checkedStart(argument: unknown): StartArgument {
  const { workflowType } = workflowInfo();
  if (isJsonObject(argument) && argument['perdure'] === 1 && argument['type'] === workflowType) {
    return argument as object as StartArgument;
  }
  throw ApplicationFailure.nonRetryable(
    `No workflow of type ${workflowType} is here, and this is no start of a definition. Start executions through the API: POST /v1/executions`,
    'perdure/unknown-workflow',
  );
}

/** Runs to the end, or hands the position to the next run where this one has to stop. */
async function runOrContinue(execution: Execution): Promise<Json> {
  try {
    return await underTimeout(execution);
  } catch (failure) {
    if (!(failure instanceof Stop)) throw failure;
  }
  if (execution.lifecycle !== undefined) {
    await execution.lifecycle.flush();
    // The next run would not hear of a cancellation that came meanwhile.
    if (CancellationScope.current().consideredCancelled) throw new CancelledFailure('Cancelled');
  }
  const next = { ...execution.start, resume: execution.position };
  const size = jsonSize(asJson(next));
  if (size <= maxArgumentBytes) return continueAsNew(next);
  throw standardFault(
    'runtime',
    '/',
    `The data under way has ${size} bytes with the definition, too many to continue as a new run (${maxArgumentBytes})`,
  );
}

async function underTimeout(execution: Execution): Promise<Json> {
  const { timeout, use } = execution.start.definition;
  if (timeout === undefined) return run(execution);
  const { after } = reusable(timeout, use?.timeouts, 'timeout', '/timeout');
  const { position, start } = execution;
  position.deadline ??= position.startedAt + duration(after, scopeOf(execution, start.input, {}), '/timeout');
  return beforeDeadline(
    position.deadline,
    async () => run(execution),
    () => standardFault('timeout', '/', 'The workflow did not end within its timeout'),
  );
}

async function run(execution: Execution): Promise<Json> {
  const { start, position } = execution;
  const { definition } = start;
  const { namespace, name, version } = definition.document;
  if (position.root === undefined) {
    execution.lifecycle?.workflow('workflow.started', {
      definition: { namespace, name, version },
      startedAt: new Date(position.startedAt).toISOString(),
    });
    validate(execution, definition.input?.schema, start.input, 'input', '/input');
    const from = definition.input?.from;
    const input =
      from === undefined ? start.input : transform(from, scopeOf(execution, start.input, {}), '/input/from');
    position.root = listFrame(input);
    // The specification's picture of the data flow begins the context with the workflow's transformed input.
    position.context = input;
  }
  const site = { reference: '/do', path: '/do', locals: {}, attempt: 1 };
  const { output: raw } = await runList(execution, definition.do, site, position.root);
  const as = definition.output?.as;
  const output = as === undefined ? raw : transform(as, scopeOf(execution, raw, {}), '/output/as');
  validate(execution, definition.output?.schema, output, 'output', '/output');
  const size = jsonSize(output);
  if (size <= start.limits.payloadBytes) return output;
  throw standardFault(
    'runtime',
    '/output',
    `The output has ${size} bytes, more than limits.payloadBytes allows`,
  );
}

function report(
  execution: Execution,
  status: ExecutionStatus,
  error: WorkflowError | undefined,
): StatusReport {
  const { namespace, name, version } = execution.start.definition.document;
  const tasks = execution.log.list();
  return {
    status: status === 'running' ? execution.log.status() : status,
    workflow: { namespace, name, version },
    tasks,
    // Those of earlier runs too: numbers go on.
    omittedTasks: execution.position.seq - tasks.length,
    ...(error === undefined ? {} : { error }),
  };
}
