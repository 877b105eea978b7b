/** The updates and queries by which a person holds, moves and mends an execution. docs/operations/. */
import {
  ApplicationFailure,
  currentUpdateInfo,
  defineQuery,
  defineUpdate,
  setHandler,
} from '@temporalio/workflow';
import { asJson, type Json } from '../../../dsl/json.ts';
import {
  operationQueries,
  operationRefusals,
  operationUpdates,
  type MigrateRequest,
  type MigrationPlan,
  type OperationAnswer,
  type PrepareCancelRequest,
  type RetryPlan,
  type RetryRequest,
  type TaskPage,
  type TasksRequest,
} from '../../contract.ts';
import type { Execution } from '../execution.ts';
import type { Ending } from '../report.ts';
import { showStatus } from '../show-status.ts';
import type { HeldFrame } from '../position.ts';
import { migrationPlan } from './migrate.ts';
import { retryPlan } from './retry.ts';

// A caller that repeats an update does so soon; the answers travel in every continue-as-new.
const maxAnswers = 20;
const maxDifferences = 100;

/** Takes updates and answers queries from now on, whatever the execution does meanwhile. */
export function handleOperations(execution: Execution, ending: Ending): void {
  const { position, pacing, lifecycle, log } = execution;

  /** Registers an update that a repeat in a later run does not do again. `check` throws what refuses it. */
  function onUpdate<Request, Answer extends object>(
    name: string,
    check: (request: Request) => void,
    act: (request: Request) => Answer,
  ): void {
    const known = (): Json | undefined => {
      const id = currentUpdateInfo()?.id;
      return position.answers?.find(([answered]) => answered === id)?.[1];
    };
    const handle = (request: Request): Answer => {
      pacing.countUpdate();
      const earlier = known();
      if (earlier !== undefined) return earlier as object as Answer;
      const answer = act(request);
      const answers = (position.answers ??= []);
      answers.push([currentUpdateInfo()?.id ?? '', asJson(answer)]);
      answers.splice(0, answers.length - maxAnswers);
      return answer;
    };
    const validator = (request: Request): void => {
      if (known() !== undefined) return;
      refuseEnding();
      check(request);
    };
    setHandler(defineUpdate<Answer, [Request]>(name), handle, { validator });
  }

  function refuseEnding(): void {
    if (ending.status !== undefined) refuse(operationRefusals.ending, 'The execution has ended');
    if (position.compensation?.because !== undefined)
      refuse(operationRefusals.ending, 'The execution is undoing what it did, and ends then');
  }

  const nothing = (): void => undefined;
  const answer = (): OperationAnswer => ({ status: execution.status() });

  onUpdate<undefined, OperationAnswer>(operationUpdates.suspend, nothing, () => {
    if (!pacing.suspension.suspend()) return answer();
    lifecycle?.workflow('workflow.suspended');
    for (const record of log.underWay()) lifecycle?.task('task.suspended', record);
    showStatus(execution);
    return answer();
  });

  onUpdate<undefined, OperationAnswer>(operationUpdates.resume, nothing, () => {
    if (!pacing.suspension.resume()) return answer();
    lifecycle?.workflow('workflow.resumed');
    for (const record of log.underWay()) {
      lifecycle?.task('task.resumed', record);
      lifecycle?.moved(record);
    }
    showStatus(execution);
    return answer();
  });

  onUpdate<RetryRequest, OperationAnswer>(
    operationUpdates.retry,
    (request) => {
      const plan = retryPlan(execution, position.held, request);
      if (!plan.possible) refuse(plan.refusal, plan.reason);
    },
    (request) => {
      if (position.held !== undefined) position.held.retry = request;
      pacing.stop();
      return { status: 'running' };
    },
  );

  onUpdate<MigrateRequest, MigrationPlan>(
    operationUpdates.migrate,
    ({ definition }) => {
      const plan = migrationPlan(execution, definition);
      if (!plan.possible)
        refuse(operationRefusals.migrationUnsafe, `The execution cannot go on with version ${plan.to}`, plan);
    },
    ({ definition }) => {
      const { differences, ...plan } = migrationPlan(execution, definition);
      position.migration = { state: 'pending', definition };
      pacing.stop();
      // Whoever wants all of them asks for the plan.
      return { ...plan, differences: differences.slice(0, maxDifferences) };
    },
  );

  onUpdate<PrepareCancelRequest, OperationAnswer>(
    operationUpdates.prepareCancel,
    nothing,
    ({ compensate }) => {
      if (position.compensation === undefined && compensate) return answer();
      (position.compensation ??= { entries: [], lists: [], completed: 0, bytes: 0 }).onCancel = compensate;
      return answer();
    },
  );

  setHandler(defineQuery<TaskPage, [TasksRequest]>(operationQueries.tasks), ({ before = Infinity, limit }) =>
    log.page(before, limit),
  );
  setHandler(defineQuery<RetryPlan, [RetryRequest]>(operationQueries.retryPlan), (request) =>
    retryPlan(execution, position.held ?? ending.fault ?? anywhere(execution, request), request),
  );
  setHandler(defineQuery<MigrationPlan, [MigrateRequest]>(operationQueries.migrationPlan), ({ definition }) =>
    migrationPlan(execution, definition),
  );
}

/** Stands for the fault of an execution that somebody ended from outside, where a retry asks for that. */
function anywhere({ start }: Execution, { fromAnywhere }: RetryRequest): HeldFrame | undefined {
  if (fromAnywhere !== true) return undefined;
  const { name } = start.definition.document;
  const error = { type: 'about:blank', status: 500, instance: '/', title: `${name} was ended` };
  return { error, through: [], at: Date.now() };
}

function refuse(type: string, message: string, detail?: object): never {
  throw ApplicationFailure.create({
    type,
    message,
    nonRetryable: true,
    ...(detail === undefined ? {} : { details: [detail] }),
  });
}
