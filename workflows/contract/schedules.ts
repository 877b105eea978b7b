/** What the schedules in Temporal and the workflow of `schedule.after` say to each other. */
import type { StartArgument } from '../contract.ts';

/** The workflow that runs a definition once and then waits: what stands between two runs of a `schedule.after`. */
export const afterCompletionType = 'afterCompletion';

export interface AfterCompletionArgument {
  readonly start: StartArgument;
  /** The execution's id. Temporal puts a time behind the id of this workflow; that goes behind this one too. */
  readonly executionId: string;
  /** How long to wait after the execution has ended, in milliseconds. */
  readonly waitMs: number;
}
