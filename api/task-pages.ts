/** The task runs of an execution, gathered over its runs: each of them knows its own and those that it was handed. */
import { operationQueries } from '../workflows/contract.ts';
import type { TaskPage, TaskRun, TasksRequest } from '../workflows/contract.ts';
import type { ApiDependencies } from './dependencies.ts';
import { isNotFound } from './error-problem.ts';
import type { ExecutionReference } from './open-execution.ts';
import { queryEngine } from './operations/engine-calls.ts';
import { describeExecution } from './read-execution.ts';
import { retriedRun } from './retry-links.ts';
import { readStartedEvent } from './started-event.ts';

/** Runs that are asked for one page: a worker replays each of them. */
const maxRuns = 10;

export interface GatheredTasks {
  /** In order of their numbers. */
  readonly tasks: readonly TaskRun[];
  /** What to ask for next, together with `runId`; null where nothing earlier is there. */
  readonly before: number | null;
  /** The run to go on with. */
  readonly runId: string;
  /** True where earlier task runs are in a run that Temporal no longer keeps. */
  readonly earlierUnavailable?: true;
}

/**
 * The last `limit` task runs before a number, from the run that is named and those before it: the ones that continued
 * as new and, across a retry, the one that faulted. A page may be shorter than asked for, and even empty, while
 * `before` says that there is more.
 */
export async function gatherTasks(
  dependencies: ApiDependencies,
  execution: Required<ExecutionReference>,
  { before, limit }: TasksRequest,
): Promise<GatheredTasks> {
  const { id } = execution;
  const pages: (readonly TaskRun[])[] = [];
  const answer = (next: Omit<GatheredTasks, 'tasks'>): GatheredTasks => ({ tasks: pages.flat(), ...next });
  let missing = limit;
  let bound = before;
  let { runId } = execution;
  for (let runs = 1; ;) {
    const request = { limit: missing, ...(bound === undefined ? {} : { before: bound }) };
    const page = await ofKeptRun(
      queryEngine<TaskPage>(dependencies, { id, runId }, operationQueries.tasks, request),
    );
    // The run that is named has been found before.
    if (page === undefined) return answer({ before: null, runId, earlierUnavailable: true });
    pages.unshift(page.tasks);
    missing -= page.tasks.length;
    const first = page.tasks[0]?.seq;
    bound = first ?? bound;
    if (missing <= 0) return answer({ before: bound === undefined || bound <= 1 ? null : bound, runId });
    // Where tasks are large the run has more.
    if (first !== undefined && first > page.firstSeq) continue;

    bound = Math.min(bound ?? page.firstSeq, page.firstSeq);
    const earlier = bound > 1 ? await ofKeptRun(runBefore(dependencies, id, runId)) : null;
    if (earlier === null) return answer({ before: null, runId });
    if (earlier === undefined) return answer({ before: null, runId, earlierUnavailable: true });
    // The next page begins with this run again: the one before may be gone by then.
    if (runs++ === maxRuns) return answer({ before: bound, runId });
    runId = earlier;
  }
}

/** What a run answers; undefined where Temporal no longer keeps it. */
async function ofKeptRun<T>(pending: Promise<T>): Promise<T | undefined> {
  try {
    return await pending;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** The run that one goes on from, as a new run of the same execution or as its retry; null where it is the first. */
async function runBefore(dependencies: ApiDependencies, id: string, runId: string): Promise<string | null> {
  const started = await readStartedEvent(dependencies, id, runId);
  if (started?.continuedExecutionRunId) return started.continuedExecutionRunId;
  return retriedRun(await describeExecution(dependencies, id, runId)) ?? null;
}
