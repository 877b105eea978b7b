/**
 * The task runs of an execution, as the status query tells them: what is under way and the latest that ended. Those that
 * are left out, of loops all iterations that ended, are kept apart and asked for by their numbers.
 */
import { jsonSize, type Json } from '../../dsl/json.ts';
import type { ExecutionStatus, TaskPage, TaskRun } from '../contract.ts';
import { smallEnough } from './small-enough.ts';
import { createTaskArchive } from './task-archive.ts';

export interface TaskRecord {
  readonly seq: number;
  readonly reference: string;
  readonly name: string;
  readonly attempt: number;
  readonly startedAt: number;
  status: TaskRun['status'];
  endedAt?: number;
  /** Where they are small. */
  readonly input?: Json;
  output?: Json;
  iterations?: number;
}

export interface TaskLog {
  begin(record: Omit<TaskRecord, 'status'>): TaskRecord;
  /** `output` only where the task completed. */
  end(
    record: TaskRecord,
    status: Exclude<TaskRun['status'], 'running' | 'waiting'>,
    at: number,
    output?: Json,
  ): void;
  /** Counts an iteration of a loop that ended, and no longer lists the task runs in it. */
  iterationEnded(loop: TaskRecord, iterations: number): void;
  /** Task runs in order of their start, at most 192 KiB of them. */
  list(): TaskRun[];
  /** Any task runs of this run. */
  page(before: number, limit: number): TaskPage;
  /** Task runs that have not ended, in order of their start; the latest are the innermost. */
  underWay(): readonly TaskRecord[];
  /** `waiting` when something waits and nothing else is under way, else `running`. */
  status(): Extract<ExecutionStatus, 'running' | 'waiting'>;
  /** Marks a task that does nothing but wait, and the end of that. */
  waiting(record: TaskRecord, waits: boolean): void;
  /** Marks a task that works outside the engine, and the end of that. */
  working(change: 1 | -1): void;
}

// With everything else that the status tells this stays below 256 KiB.
const maxBytes = 192 * 1024;

/**
 * A log that lists at most `listed` ended task runs beside those under way. `firstSeq` is the number of the first task run
 * that begins in it. `moved` is told whenever a task run or the execution may have begun or ended to wait.
 */
export function createTaskLog(listed: number, firstSeq = 1, moved?: (record?: TaskRecord) => void): TaskLog {
  let records: TaskRecord[] = [];
  const archive = createTaskArchive();
  let waiting = 0;
  let working = 0;

  const hasEnded = ({ endedAt }: TaskRecord): boolean => endedAt !== undefined;

  /** Takes old ended records off the list in bulk, so that each costs the same however many there are. */
  function trim(): void {
    if (records.length < 2 * listed) return;
    let surplus = records.filter(hasEnded).length - listed;
    records = records.filter((record) => {
      if (surplus <= 0 || !hasEnded(record)) return true;
      surplus -= 1;
      archive.add(record);
      return false;
    });
  }

  return {
    begin(fields) {
      const { input, ...others } = fields;
      const record: TaskRecord = { ...others, status: 'running', ...(smallEnough(input) && { input }) };
      records.push(record);
      trim();
      return record;
    },
    end(record, status, at, output) {
      record.status = status;
      record.endedAt = at;
      if (smallEnough(output)) record.output = output;
    },
    iterationEnded(loop, iterations) {
      loop.iterations = iterations;
      const below = `${loop.reference}/`;
      // What the iteration began stands behind the loop; other branches may stand between.
      const start = records.findLastIndex(({ seq }) => seq <= loop.seq) + 1;
      const kept = records.slice(start).filter((record) => {
        if (!hasEnded(record) || !record.reference.startsWith(below)) return true;
        archive.add(record);
        return false;
      });
      records.splice(start, Infinity, ...kept);
    },
    list() {
      const ended = records.filter(hasEnded).slice(-listed).map(taskRun);
      const open = records.filter((record) => !hasEnded(record)).map(taskRun);
      // A run that continues another takes tasks up from the outside in, whatever their numbers.
      return within(maxBytes, [...ended, ...open]).sort((left, right) => left.seq - right.seq);
    },
    page(before, limit) {
      const here = records.filter(({ seq }) => seq < before).sort((left, right) => left.seq - right.seq);
      const all = [...archive.page(before, limit), ...here.slice(-limit)];
      const latest = all.sort((left, right) => left.seq - right.seq).slice(-limit);
      return { tasks: within(maxBytes, latest.map(taskRun)), firstSeq };
    },
    underWay: () => records.filter((record) => !hasEnded(record)),
    status() {
      return waiting > 0 && working === 0 ? 'waiting' : 'running';
    },
    waiting(record, waits) {
      record.status = waits ? 'waiting' : 'running';
      waiting += waits ? 1 : -1;
      moved?.(record);
    },
    working(change) {
      working += change;
      moved?.();
    },
  };
}

/** The last ones that fit. */
function within(bytes: number, runs: readonly TaskRun[]): TaskRun[] {
  let left = bytes;
  const first = runs.findLastIndex((run) => (left -= jsonSize({ ...run })) < 0);
  return runs.slice(first + 1);
}

function taskRun({ startedAt, endedAt, ...record }: TaskRecord): TaskRun {
  return {
    ...record,
    startedAt: new Date(startedAt).toISOString(),
    ...(endedAt === undefined ? {} : { endedAt: new Date(endedAt).toISOString() }),
  };
}
