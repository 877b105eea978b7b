import type { ChildRetry, ExecutionEnd } from '../workflows/contract.ts';

/** What activities do with executions; the caller brings the way to Temporal. */
export interface Executions {
  /** How an execution ended, after at most five minutes; `running` where it has not, or the signal aborts. */
  watch(execution: ExecutionRun, signal: AbortSignal): Promise<ExecutionEnd>;
  /** How an execution that was somebody's child can go on. */
  planRetry(execution: ExecutionRun): Promise<ChildRetry>;
  /** Asks for cancellation; nothing where the execution has ended. */
  cancel(workflowId: string): Promise<void>;
  /** Whether a run of it goes on. */
  isRunning(workflowId: string): Promise<boolean>;
}

/** A run of an execution, and all that it continues as. */
export interface ExecutionRun {
  readonly workflowId: string;
  readonly runId: string;
}

const missing = (): Promise<never> => Promise.reject(new Error('These activities have no way to executions'));

/** For activities that are made without Temporal around them. */
export const noExecutions: Executions = {
  watch: missing,
  planRetry: missing,
  cancel: missing,
  isRunning: missing,
};
