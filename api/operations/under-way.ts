/** What an execution has under way and still to undo, for the dry runs of operations. Pure. */
import type { ChildRun, CompensationRun, ExecutionStatus, TaskRun } from '../../workflows/contract.ts';
import type { StatusAnswer } from '../status-report.ts';

export interface UnderWay {
  readonly status: ExecutionStatus;
  readonly tasks: readonly TaskRun[];
  /** Tasks that would be undone, in that order. At most as many as the status lists. */
  readonly compensations: readonly CompensationRun[];
  readonly omittedCompensations: number;
  readonly children: readonly ChildRun[];
  /** Why all of it is empty, where it could not be asked for. */
  readonly tasksUnavailable?: string;
}

/** Reads it from the execution's report; `status` is what the execution is called where there is none. */
export function underWay({ report, unavailable }: StatusAnswer, status: ExecutionStatus): UnderWay {
  const { compensations = [], omittedCompensations = 0, children = [] } = report ?? {};
  return {
    status,
    tasks: (report?.tasks ?? []).filter(isUnderWay),
    compensations: compensations.filter(isToDo),
    omittedCompensations,
    children,
    ...(unavailable === undefined ? {} : { tasksUnavailable: unavailable }),
  };
}

function isUnderWay({ status }: TaskRun): boolean {
  return status === 'running' || status === 'waiting';
}

function isToDo({ status }: CompensationRun): boolean {
  return status === 'registered' || status === 'running';
}
