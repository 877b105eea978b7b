/** What the command reads of the answers of operations. Members that it does not know are kept, for `--json`. */
import { z } from 'zod';
import { executionStatuses } from '../workflows/contract.ts';
import { child, compensation, obstacle, taskRun } from './responses.ts';

const status = z.enum(executionStatuses);

/** Suspend and resume; `wouldChange` and `tasks` only of a dry run. */
export const changed = z.looseObject({
  status,
  wouldChange: z.boolean().optional(),
  tasks: z.array(taskRun).default([]),
});

/** A cancel or a terminate that was asked for, or what it would do. */
export const underWay = z.looseObject({
  status: status.optional(),
  tasks: z.array(taskRun).default([]),
  compensations: z.array(compensation).default([]),
  leftUndone: z.array(compensation).default([]),
  children: z.array(child).default([]),
  tasksUnavailable: z.string().optional(),
});
export type UnderWay = z.infer<typeof underWay>;

export const retry = z.looseObject({ inPlace: z.boolean(), runId: z.string().optional() });

export const retryPlan = z.looseObject({
  possible: z.boolean(),
  task: z.looseObject({ reference: z.string(), name: z.string() }).optional(),
  inPlace: z.boolean().optional(),
  reason: z.string().optional(),
});
export type RetryPlan = z.infer<typeof retryPlan>;

export const migrationPlan = z.looseObject({
  possible: z.boolean(),
  from: z.string(),
  to: z.string(),
  differences: z.array(
    z.looseObject({ reference: z.string(), change: z.string(), from: z.string().optional() }),
  ),
  obstacles: z.array(obstacle),
});
export type MigrationPlan = z.infer<typeof migrationPlan>;
