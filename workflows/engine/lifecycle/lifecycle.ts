/**
 * The lifecycle events of an execution: what the engine tells of its tasks and itself becomes CloudEvents for the event
 * system, where the execution's start asked for them. Open Workflow DSL, "Lifecycle Events".
 */
import { CancellationScope, workflowInfo } from '@temporalio/workflow';
import { jsonSize, type JsonObject } from '../../../dsl/json.ts';
import {
  lifecycleKinds,
  lifecycleType,
  type CloudEvent,
  type ExecutionStatus,
  type LifecycleKind,
  type StartArgument,
} from '../../contract.ts';
import { idempotencyKey } from '../idempotency-key.ts';
import type { Pacing } from '../pacing.ts';
import type { Position } from '../position.ts';
import type { TaskLog, TaskRecord } from '../task-log.ts';
import { createPublisher } from './publisher.ts';
import { createRest } from './rest.ts';

/** What an execution keeps of its lifecycle events; plain JSON, part of the position. */
export interface LifecycleFrame {
  /** Events so far; they are numbered through all runs. */
  events: number;
  /** The execution's phase, as the events have told it. */
  phase: ExecutionStatus;
  /** Numbers of the task runs of which the events have told that they wait. */
  readonly waiting: Record<number, true>;
}

type TaskKind = KindOf<'task'>;

type KindOf<Subject extends string> = Exclude<
  Extract<LifecycleKind, `${Subject}.${string}`>,
  `${string}.status-changed`
>;

/** What the engine tells of an execution. Made only where somebody wants to know. */
export interface Lifecycle {
  /** Tells of an execution that faulted or was cancelled and goes on, at the beginning of the run that does. */
  takesUp(): void;
  /** Tells that something happened to the execution, and its new phase where one begins by that. */
  workflow(kind: KindOf<'workflow'>, details?: JsonObject): void;
  /** Tells that a task run was created and started: in this engine one moment. */
  taskBegins(record: TaskRecord): void;
  /** Tells that something happened to a task run, and its new phase. */
  task(kind: TaskKind, record: TaskRecord, details?: JsonObject): void;
  /**
   * Notes that a task run, or the execution, may wait now, or no longer. It is told when the execution comes to rest: what
   * begins and ends in one go is no phase that anybody could see.
   */
  readonly moved: (record?: TaskRecord) => void;
  /** A promise where too much has not been published yet, until there is room again. */
  room(): Promise<void> | undefined;
  /** Resolves when everything has been published, or given up: see docs/lifecycle-events.md. Not to be cancelled. */
  flush(): Promise<void>;
}

// The limit of an event that everybody has to forward is 64 KiB.
const maxKeysBytes = 32_768;

/** The lifecycle of an execution that asks for events; undefined for one that does not. */
export function createLifecycle(
  { definition, lifecycle: wanted = [] }: StartArgument,
  position: Position,
  pacing: Pacing,
  log: () => TaskLog,
): Lifecycle | undefined {
  if (wanted.length === 0) return undefined;
  const kinds: ReadonlySet<LifecycleKind> = new Set(wanted);
  const publisher = createPublisher(pacing);
  const frame = (position.lifecycle ??= { events: 0, phase: 'pending', waiting: {} });
  const { namespace, name, version } = definition.document;
  const { workflowId } = workflowInfo();
  const qualifiedName = `${workflowId}.${namespace}`;
  const idPrefix = idempotencyKey(position.seed, 'lifecycle');
  const moved = new Set<TaskRecord>();
  const rest = createRest();
  let hasEnded = false;

  function publish(kind: LifecycleKind, details: JsonObject): void {
    if (!kinds.has(kind)) return;
    const time = new Date().toISOString();
    const sequence = String((frame.events += 1));
    const event: CloudEvent = {
      specversion: '1.0',
      id: `${idPrefix}-${sequence}`,
      source: `/${namespace}/${name}/${version}`,
      type: lifecycleType(kind),
      subject: workflowId,
      time,
      datacontenttype: 'application/json',
      partitionkey: workflowId,
      sequence: sequence.padStart(10, '0'),
      data: { [lifecycleKinds[kind].time]: time, ...details },
    };
    publisher.add(event);
  }

  const taskDetails = ({ reference }: TaskRecord, details: JsonObject = {}): JsonObject => ({
    workflow: qualifiedName,
    task: reference,
    ...details,
  });

  /** Tells what waits since the execution last came to rest, and what does no longer. */
  function tellPhases(): void {
    for (const record of moved) {
      const waits = record.status === 'waiting';
      if (record.endedAt !== undefined || waits === (frame.waiting[record.seq] === true)) continue;
      if (waits) frame.waiting[record.seq] = true;
      else delete frame.waiting[record.seq];
      publish('task.status-changed', taskDetails(record, { status: record.status }));
    }
    moved.clear();
    const status = log().status();
    if (status === frame.phase || frame.phase === 'suspended') return;
    frame.phase = status;
    publish('workflow.status-changed', { name: qualifiedName, status });
  }

  async function tellPhasesAtRest(): Promise<void> {
    for (;;) {
      // What a stop interrupts goes on in the next run; the execution did not change by that.
      await rest.afterChange(() => !pacing.stopping && !hasEnded);
      tellPhases();
    }
  }
  const tellsPhases = kinds.has('workflow.status-changed') || kinds.has('task.status-changed');
  if (tellsPhases) {
    void CancellationScope.nonCancellable(tellPhasesAtRest);
    // A run that goes on finds out at its first rest what has changed for the tasks that it takes up.
    if (position.root !== undefined) rest.disturb();
  }

  function task(kind: TaskKind, record: TaskRecord, details?: JsonObject): void {
    publish(kind, taskDetails(record, details));
    const isTold = kind === 'task.retried' && frame.waiting[record.seq] === undefined;
    delete frame.waiting[record.seq];
    if (isTold) return;
    publish('task.status-changed', taskDetails(record, { status: lifecycleKinds[kind].phase }));
  }

  function workflow(kind: KindOf<'workflow'>, details: JsonObject = {}): void {
    publish(kind, { name: qualifiedName, ...bounded(details) });
    const { phase } = { phase: undefined, ...lifecycleKinds[kind] };
    if (phase === undefined) return;
    hasEnded = phase === 'completed' || phase === 'faulted' || phase === 'cancelled';
    frame.phase = phase;
    publish('workflow.status-changed', { name: qualifiedName, status: phase });
  }

  return {
    takesUp() {
      const ended = frame.phase === 'faulted' || frame.phase === 'cancelled';
      if (ended && position.held === undefined) workflow('workflow.resumed');
    },
    workflow,
    taskBegins(record) {
      task('task.created', record);
      task('task.started', record);
    },
    task,
    moved(record) {
      if (!tellsPhases) return;
      rest.disturb();
      if (record !== undefined) moved.add(record);
    },
    room: () => publisher.room(),
    flush: () => publisher.flush(),
  };
}

/** Leaves out the keys of correlations that are too large for an event: whoever needs them finds them in the execution. */
function bounded({ correlationKeys, ...details }: JsonObject): JsonObject {
  if (correlationKeys === undefined || jsonSize(correlationKeys) > maxKeysBytes) return details;
  return { ...details, correlationKeys };
}
