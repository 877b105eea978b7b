/** What a person does to an execution under way: names, arguments and answers of the engine's updates and queries. */
import type { DefinitionDifference } from '../../dsl/compare-definitions.ts';
import type { WorkflowError } from '../../dsl/errors.ts';
import type { Json } from '../../dsl/json.ts';
import type { Definition } from '../../dsl/types.ts';
import type { ExecutionStatus, StartArgument, TaskRun } from '../contract.ts';

/** Updates of the interpreter. Each is safe to repeat under its update id, through continue-as-new too. */
export const operationUpdates = {
  /** Takes nothing, gives {@link OperationAnswer}. */
  suspend: 'perdure-suspend',
  /** Takes nothing, gives {@link OperationAnswer}. */
  resume: 'perdure-resume',
  /** Takes a {@link RetryRequest}, gives {@link OperationAnswer}. For executions that are held open after a fault. */
  retry: 'perdure-retry',
  /** Takes a {@link MigrateRequest}, gives {@link MigrationPlan}. The move itself follows at the barrier. */
  migrate: 'perdure-migrate',
  /** Takes a {@link PrepareCancelRequest}, gives {@link OperationAnswer}: what a cancellation that follows will do. */
  prepareCancel: 'perdure-prepare-cancel',
} as const;

/** Queries of the interpreter beside the status query. */
export const operationQueries = {
  /** Takes a {@link TasksRequest}, gives {@link TaskPage}. */
  tasks: 'perdure-tasks',
  /** Takes a {@link RetryRequest}, gives {@link RetryPlan}. Answered by closed executions too. */
  retryPlan: 'perdure-retry-plan',
  /** Takes a {@link MigrateRequest}, gives {@link MigrationPlan}. */
  migrationPlan: 'perdure-migration-plan',
} as const;

/**
 * Types of the application failures with which the engine refuses an update: the part behind the slash names the API's
 * problem, the message is for people.
 */
export const operationRefusals = {
  /** Retry of an execution that is not held. */
  notHeld: 'perdure/not-held',
  /** Retry of an execution whose work was undone. */
  undone: 'perdure/work-undone',
  /** Edited input that the task's schema refuses. */
  invalidInput: 'perdure/invalid-input',
  /** A migration that cannot be made safely; the failure's one detail is the {@link MigrationPlan}. */
  migrationUnsafe: 'perdure/migration-unsafe',
  /** The execution is undoing its work, or has ended. */
  ending: 'perdure/execution-ending',
} as const;

export interface OperationAnswer {
  readonly status: ExecutionStatus;
}

/** With `input` the failed task starts again on this raw input instead of the one that it had. */
export interface RetryRequest {
  readonly input?: Json;
  /** Asks also where nothing faulted: the plan goes on from where the run stands. For children that somebody ended. */
  readonly fromAnywhere?: boolean;
}

export interface MigrateRequest {
  readonly definition: Definition;
}

export interface PrepareCancelRequest {
  readonly compensate: boolean;
}

/** Where an execution begins instead of at its first task. */
export interface StartAt {
  /** JSON Pointer of the task in the definition, as task runs list it: `/do/2/ship`, `/do/1/each/do/0/pack`. */
  readonly task: string;
  /** Raw input of the task and of the tasks around it; the workflow's transformed input when absent. */
  readonly data?: Json;
  /** `$context`; the workflow's transformed input when absent. */
  readonly context?: Json;
  /** Index of the iteration to begin with, by the reference of a `for` around the task; 0 when absent. */
  readonly iterations?: Readonly<Record<string, number>>;
}

/** What a retry would do, or why there can be none. */
export type RetryPlan =
  | {
      readonly possible: true;
      /** Absent where the workflow itself faulted, beside its tasks. */
      readonly task?: { readonly reference: string; readonly name: string; readonly input: Json };
      readonly error: WorkflowError;
      /** True where the execution is held open; else a new run begins with `start`. */
      readonly inPlace: boolean;
      readonly start?: StartArgument;
    }
  | {
      readonly possible: false;
      readonly refusal: (typeof operationRefusals)[keyof typeof operationRefusals];
      readonly reason: string;
    };

/** Whether an execution can go on with another version, what differs, and what stands in the way. */
export interface MigrationPlan {
  readonly possible: boolean;
  readonly from: string;
  readonly to: string;
  readonly differences: readonly DefinitionDifference[];
  readonly obstacles: readonly MigrationObstacle[];
}

export interface MigrationObstacle {
  /** JSON Pointer in the version that the execution runs now. */
  readonly reference: string;
  readonly reason: string;
}

/** Task runs before a number, latest first in the run's memory but given in order of their numbers. */
export interface TasksRequest {
  /** Only task runs with a smaller number; all when absent. */
  readonly before?: number;
  /** At most so many, 1 to 1,000. */
  readonly limit: number;
}

export interface TaskPage {
  /** In order of their numbers, the latest ones before `before`. At most 256 KiB together. */
  readonly tasks: readonly TaskRun[];
  /** The first number that this run has: earlier ones are in the run before it. */
  readonly firstSeq: number;
}

/** A task's undoing, as the status tells it. */
export interface CompensationRun {
  /** JSON Pointer of the task that is to be undone. */
  readonly reference: string;
  readonly name: string;
  readonly status: 'registered' | 'running' | 'completed' | 'failed';
  /** Why it failed, all of its attempts. */
  readonly error?: WorkflowError;
}

/** A child that the execution waits for. */
export interface ChildRun {
  readonly reference: string;
  readonly workflowId: string;
}

/** The last migration that was asked for and is not done: `pending` until the barrier, `refused` behind it. */
export interface MigrationReport {
  readonly version: string;
  readonly state: 'pending' | 'refused';
  readonly obstacles: readonly MigrationObstacle[];
}
