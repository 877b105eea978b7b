/** What the status query tells of an execution. It never grows past 256 KiB. */
import type { ChildRun, ExecutionStatus, MigrationReport, StatusReport } from '../contract.ts';
import { reportCompensations } from './compensation/registry.ts';
import type { Execution } from './execution.ts';
import type { HeldFrame } from './position.ts';
import { bodyOf, standingTasks } from './standing.ts';

const maxChildren = 200;
const maxObstacles = 100;

/** How an execution ended; nothing while it goes on. */
export interface Ending {
  status?: Extract<ExecutionStatus, 'completed' | 'faulted' | 'cancelled'>;
  fault?: HeldFrame;
}

/** The report of an execution as it stands, or as it ended. */
export function report(execution: Execution, ending: Ending): StatusReport {
  const { position, start, log } = execution;
  const { namespace, name, version } = start.definition.document;
  const tasks = log.list();
  const { error } = ending.fault ?? position.held ?? {};
  const children = ending.status === undefined ? childrenOf(execution) : [];
  const migration = migrationOf(execution);
  return {
    status: ending.status ?? execution.status(),
    workflow: { namespace, name, version },
    tasks,
    // Those of earlier runs too: numbers go on.
    omittedTasks: position.seq - tasks.length,
    ...(error && { error }),
    ...(position.held && ending.status === undefined ? { held: true } : {}),
    ...(position.suspendedAt !== undefined && { suspendedAt: new Date(position.suspendedAt).toISOString() }),
    ...(migration && { migration }),
    ...(position.compensation && reportCompensations(position.compensation)),
    ...(children.length > 0 && { children }),
  };
}

function childrenOf({ start, position }: Execution): readonly ChildRun[] {
  return standingTasks(start.definition, position)
    .flatMap(({ kind, frame, reference }): ChildRun[] => {
      const child = kind === 'run' ? bodyOf<'run'>(frame).child : undefined;
      return child?.runId === undefined ? [] : [{ reference, workflowId: child.workflowId }];
    })
    .slice(0, maxChildren);
}

function migrationOf({ position }: Execution): MigrationReport | undefined {
  const { migration } = position;
  if (migration === undefined) return undefined;
  if (migration.state === 'refused')
    return { ...migration, obstacles: migration.obstacles.slice(0, maxObstacles) };
  return { version: migration.definition.document.version, state: 'pending', obstacles: [] };
}
