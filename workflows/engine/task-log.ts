/**
 * The task runs of an execution, as the status query tells them: what is under way and the latest that ended. Those that
 * are left out, of loops all iterations that ended, are kept apart and asked for by their numbers.
 */
import { asJson, jsonSize, type Json } from '../../dsl/json.ts';
import type { ExecutionStatus, TaskPage, TaskRun } from '../contract.ts';
import { smallEnough } from './small-enough.ts';
import { shorten } from './status-size.ts';
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
  /** Also where the task is taken up again by the run in which it stopped: that is one task run. */
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
  /** Task runs in order of their start, at most so many bytes of them. */
  list(maxBytes?: number): TaskRun[];
  /** Any task runs that began in this run; those that it took up from the run before are that one's. */
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

// Of a page, and of a list unless told. With everything else that an answer tells this stays below 256 KiB.
const maxPageBytes = 192 * 1024;

// Whoever needs the whole of a longer one finds it in the definition.
const maxNameCharacters = 1_000;
const maxReferenceCharacters = 4_000;

/**
 * A log that lists at most `listed` ended task runs beside those under way. `firstSeq` is the number of the first task run
 * that begins in it. `moved` is told whenever a task run or the execution may have begun or ended to wait.
 */
export function createTaskLog(listed: number, firstSeq = 1, moved?: (record?: TaskRecord) => void): TaskLog {
  let records: TaskRecord[] = [];
  let lastSeq = 0;
  let mayTrimAt = 2 * listed;
  const archive = createTaskArchive();
  let waiting = 0;
  let working = 0;

  const hasEnded = ({ endedAt }: TaskRecord): boolean => endedAt !== undefined;

  /** Takes old ended records off the list in bulk, so that each costs the same however many there are. */
  function trim(): void {
    if (records.length < mayTrimAt) return;
    let surplus = records.filter(hasEnded).length - listed;
    records = records.filter((record) => {
      if (surplus <= 0 || !hasEnded(record)) return true;
      surplus -= 1;
      archive.add(record);
      return false;
    });
    // Where many are under way, looking again at once would find little more.
    mayTrimAt = Math.max(2 * listed, records.length + listed);
  }

  return {
    begin(fields) {
      const { input, ...others } = fields;
      const known = fields.seq <= lastSeq ? records.find(({ seq }) => seq === fields.seq) : undefined;
      if (known !== undefined) return known;
      lastSeq = Math.max(lastSeq, fields.seq);
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
      const start = records.lastIndexOf(loop) + 1;
      const kept = records.slice(start).filter((record) => {
        if (!hasEnded(record) || !record.reference.startsWith(below)) return true;
        archive.add(record);
        return false;
      });
      records.splice(start, Infinity, ...kept);
    },
    list(maxBytes = maxPageBytes) {
      const ended = records.filter(hasEnded).slice(-listed).map(taskRun);
      const open = records.filter((record) => !hasEnded(record)).map(taskRun);
      // A run that continues another takes tasks up from the outside in, whatever their numbers.
      return within(maxBytes, [...ended, ...open]).sort((left, right) => left.seq - right.seq);
    },
    page(before, limit) {
      const here = records.filter(({ seq }) => seq < before).sort((left, right) => left.seq - right.seq);
      const all = [...archive.page(before, limit), ...here.slice(-limit)];
      const own = all.filter(({ seq }) => seq >= firstSeq);
      const latest = own.sort((left, right) => left.seq - right.seq).slice(-limit);
      return { tasks: within(maxPageBytes, latest.map(taskRun)), firstSeq };
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

/** The last ones that fit. What they were given and gave is left out where that makes room for more of them. */
function within(maxBytes: number, runs: readonly TaskRun[]): TaskRun[] {
  let left = maxBytes;
  const fits = (value: object): boolean => {
    const size = jsonSize(asJson(value)) + 1;
    if (size > left) return false;
    left -= size;
    return true;
  };
  const first = runs.findLastIndex((run) => !fits(withoutData(run))) + 1;
  const kept = runs.slice(first).toReversed();
  return kept.map((run) => (fits(dataOf(run)) ? run : withoutData(run))).toReversed();
}

function withoutData({ input: _input, output: _output, ...run }: TaskRun): TaskRun {
  return run;
}

function dataOf({ input, output }: TaskRun): object {
  return { ...(input === undefined ? {} : { input }), ...(output === undefined ? {} : { output }) };
}

function taskRun({ startedAt, endedAt, name, reference, ...record }: TaskRecord): TaskRun {
  return {
    ...record,
    name: shorten(name, maxNameCharacters),
    reference: shorten(reference, maxReferenceCharacters),
    startedAt: new Date(startedAt).toISOString(),
    ...(endedAt === undefined ? {} : { endedAt: new Date(endedAt).toISOString() }),
  };
}
