/** What the status query tells of an execution. It never grows past 256 KiB. */
import { asJson, jsonSize } from '../../dsl/json.ts';
import type { ChildRun, ExecutionStatus, MigrationReport, StatusReport } from '../contract.ts';
import { reportCompensations } from './compensation/report-compensations.ts';
import type { Execution } from './execution.ts';
import type { HeldFrame, MigrationFrame } from './position.ts';
import { bodyOf, standingTasks } from './standing.ts';
import { firstThatFit, shorten } from './status-size.ts';

const maxChildren = 200;
const maxObstacles = 100;

// Task runs get what these and an error, which may have over 100 KiB, leave of it.
const maxBytes = 256 * 1024;
const maxTaskBytes = 192 * 1024;
const maxCompensationBytes = 64 * 1024;
const maxChildBytes = 24 * 1024;
const maxObstacleBytes = 24 * 1024;

/** How an execution ended; nothing while it goes on. */
export interface Ending {
  status?: Extract<ExecutionStatus, 'completed' | 'faulted' | 'cancelled'>;
  fault?: HeldFrame;
}

/** The report of an execution as it stands, or as it ended. */
export function report(execution: Execution, ending: Ending): StatusReport {
  const { position, start, log } = execution;
  const { namespace, name, version } = start.definition.document;
  const { compensation, migration, held, suspendedAt } = position;
  const { error } = ending.fault ?? held ?? {};
  const isHeld = held !== undefined && ending.status === undefined && compensation?.because === undefined;
  const children = ending.status === undefined ? childrenOf(execution) : [];
  const around = {
    status: ending.status ?? execution.status(),
    workflow: { namespace, name, version },
    ...(error && { error }),
    ...(isHeld ? { held: true } : {}),
    ...(suspendedAt !== undefined && { suspendedAt: new Date(suspendedAt).toISOString() }),
    ...(migration && { migration: migrationReport(migration) }),
    ...(compensation && reportCompensations(compensation, maxCompensationBytes)),
    ...(children.length > 0 && { children }),
  };
  // The names of the two members below take the rest.
  const left = maxBytes - jsonSize(asJson(around)) - 100;
  const tasks = log.list(Math.min(left, maxTaskBytes));
  // Those of earlier runs too: numbers go on.
  return { ...around, tasks, omittedTasks: position.seq - tasks.length };
}

function childrenOf({ start, position }: Execution): readonly ChildRun[] {
  const children = standingTasks(start.definition, position).flatMap(
    ({ kind, frame, reference }): ChildRun[] => {
      const child = kind === 'run' ? bodyOf<'run'>(frame).child : undefined;
      if (child?.runId === undefined) return [];
      return [{ reference: shorten(reference, 4_000), workflowId: child.workflowId }];
    },
  );
  return firstThatFit(children.slice(0, maxChildren), maxChildBytes);
}

function migrationReport(migration: MigrationFrame): MigrationReport {
  if (migration.state === 'pending')
    return { version: migration.definition.document.version, state: 'pending', obstacles: [] };
  const { version, state, obstacles } = migration;
  const short = obstacles.slice(0, maxObstacles).map(({ reference, reason }) => ({
    reference: shorten(reference, 2_000),
    reason: shorten(reason, 1_000),
  }));
  return { version, state, obstacles: firstThatFit(short, maxObstacleBytes) };
}
