/** The task runs of an execution, as the status query tells them: what is under way and the latest that ended. */
import type { ExecutionStatus, TaskRun } from '../contract.ts';

export interface TaskRecord {
  readonly seq: number;
  readonly reference: string;
  readonly name: string;
  readonly attempt: number;
  readonly startedAt: number;
  status: TaskRun['status'];
  endedAt?: number;
}

export interface TaskLog {
  begin(record: Omit<TaskRecord, 'status'>): TaskRecord;
  end(record: TaskRecord, status: Exclude<TaskRun['status'], 'running' | 'waiting'>, at: number): void;
  /** Task runs in order of their start. */
  list(): TaskRun[];
  /** Task runs that have not ended, in order of their start; the latest are the innermost. */
  underWay(): readonly TaskRecord[];
  /** `waiting` when something waits and nothing else is under way, else `running`. */
  status(): Extract<ExecutionStatus, 'running' | 'waiting'>;
  /** Marks a task that does nothing but wait, and the end of that. */
  waiting(record: TaskRecord, waits: boolean): void;
  /** Marks a task that works outside the engine, and the end of that. */
  working(change: 1 | -1): void;
}

/**
 * A log that lists at most `listed` ended task runs beside those under way. `moved` is told whenever a task run or the
 * execution may have begun or ended to wait.
 */
export function createTaskLog(listed: number, moved?: (record?: TaskRecord) => void): TaskLog {
  let records: TaskRecord[] = [];
  let waiting = 0;
  let working = 0;

  const endedCount = (): number => records.filter((record) => record.endedAt !== undefined).length;

  /** Drops old ended records in bulk, so that each costs the same however many there are. */
  function trim(): void {
    if (records.length < 2 * listed) return;
    const surplus = endedCount() - listed;
    let dropped = 0;
    records = records.filter((record) => {
      if (dropped >= surplus || record.endedAt === undefined) return true;
      dropped += 1;
      return false;
    });
  }

  return {
    begin(fields) {
      const record: TaskRecord = { ...fields, status: 'running' };
      records.push(record);
      trim();
      return record;
    },
    end(record, status, at) {
      record.status = status;
      record.endedAt = at;
    },
    list() {
      let hidden = Math.max(0, endedCount() - listed);
      const shown = records.filter((record) => {
        if (hidden === 0 || record.endedAt === undefined) return true;
        hidden -= 1;
        return false;
      });
      // A run that continues another takes tasks up from the outside in, whatever their numbers.
      return shown.map(taskRun).sort((left, right) => left.seq - right.seq);
    },
    underWay: () => records.filter((record) => record.endedAt === undefined),
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

function taskRun(record: TaskRecord): TaskRun {
  const { seq, reference, name, status, attempt } = record;
  const startedAt = new Date(record.startedAt).toISOString();
  if (record.endedAt === undefined) return { seq, reference, name, status, attempt, startedAt };
  return {
    seq,
    reference,
    name,
    status,
    attempt,
    startedAt,
    endedAt: new Date(record.endedAt).toISOString(),
  };
}
