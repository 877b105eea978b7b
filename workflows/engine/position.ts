/**
 * Where an execution stands, as data: a tree of frames that mirrors the nesting of tasks. Everything that a run needs to
 * go on is in it and in the definition; continue-as-new hands the tree to the next run as it is. Frames are plain JSON
 * and belong to the engine alone, which changes them in place as tasks begin, move on and end.
 */
import type { ConsumptionState } from '../../dsl/events/consumption.ts';
import type { EventRoute } from '../../dsl/events/routes.ts';
import type { Json } from '../../dsl/json.ts';
import type { WorkflowError } from '../../dsl/errors.ts';
import type { Definition, FlowDirective, TaskKind } from '../../dsl/types.ts';
import type { ExecutionStatus, MigrationObstacle, RetryRequest } from '../contract.ts';
import type { CompensationFrame } from './compensation/registry.ts';
import type { EventsFrame } from './events/listeners.ts';
import type { LifecycleFrame } from './lifecycle/lifecycle.ts';

/** Task types that this release runs: all. */
export type RunnableKind = TaskKind;

/** Holds the frame of the one task that is under way in a place, if any. */
export interface TaskHolder {
  task?: TaskFrame;
}

/** A list of tasks in order. */
export interface ListFrame extends TaskHolder {
  /** Index of the current task. */
  index: number;
  /** Raw input of the current task: the output of the one before. */
  data: Json;
  /** How often each task, by its index, was entered. */
  visits: Record<number, number>;
  /** That of the current task is counted: a run may have stopped before it. Keys of calls depend on it. */
  isCounted?: boolean;
}

/** A task that has begun. */
export interface TaskFrame {
  /** Number of the task run in the execution. */
  readonly seq: number;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** The transformed input; absent until the task passed its `if`, schema and `input.from`. */
  input?: Json;
  /** When the task's timeout strikes, in milliseconds since the epoch. */
  deadline?: number;
  /** The lock that the task holds or waits for. */
  lock?: LockFrame;
  /** Present where extensions apply to the task. */
  extensions?: ExtensionsFrame;
  /** Where a retry gave the task another raw input than the one that its place has, and how often that was done. */
  edited?: { readonly input: Json; readonly generation: number };
  /** Where the task began in another version of the definition: the path that it had there, and keeps. */
  path?: string;
  /** What the task's own type keeps, empty at first. */
  body: object;
}

/** A lock under its key, as that was when the task began. */
export interface LockFrame {
  readonly key: string;
  readonly ttlMs: number;
  /** Until when to wait for it, in milliseconds since the epoch. */
  readonly until?: number;
  /** Present once the task holds it. */
  token?: string;
}

/** Where a task stands among the extensions that apply to it. */
export interface ExtensionsFrame {
  /** Indices in `use.extensions`. */
  readonly applied: readonly number[];
  /** Position in `applied` of the extension whose `before` or `after` is under way or comes next. */
  next: number;
  list?: ListFrame;
  /** What the task gave; the `after` lists run from then on. */
  outcome?: { readonly output: Json; readonly then?: FlowDirective };
}

export interface BranchFrame extends TaskHolder {
  output?: Json;
  done?: boolean;
  /** Where branches compete: how this one left the race. */
  fault?: WorkflowError;
}

/** A subscription to messages, `call: asyncapi`. */
export interface SubscriptionFrame {
  /** When it ends by its `for`, in milliseconds since the epoch. */
  until?: number;
  /** Messages that were received and not yet worked through, in order. */
  queue?: Json[];
  /** The message that is being worked through. */
  item?: Json;
  list?: ListFrame;
  /** Messages worked through. */
  index?: number;
  output?: Json[];
  outputBytes?: number;
  /** The last message was received. */
  complete?: boolean;
  /** Nothing is open any more. */
  closed?: boolean;
}

/** A child workflow that a task waits for; it outlives the run that started it. */
export interface ChildFrame {
  readonly workflowId: string;
  /** The first run of the child; absent where it is still to be started. */
  readonly runId?: string;
  /** A closed run of the child that faulted or was cancelled: the next one goes on where that one stood. */
  readonly retryOf?: string;
}

/** What each task type keeps of its own. Members are absent until the task comes to them. */
export interface BodyFrames {
  /** Of a function: its input, and its task. */
  call: TaskHolder & SubscriptionFrame & { arguments?: Json };
  emit: object;
  raise: object;
  run: { child?: ChildFrame };
  set: object;
  switch: object;
  do: { list?: ListFrame };
  for: {
    index?: number;
    /** Raw input of the iteration. */
    data?: Json;
    list?: ListFrame;
    /** The context at the start, kept only where `for.in` names it: the collection is evaluated anew in each run. */
    context?: Json;
  };
  fork: { branches?: BranchFrame[] };
  listen: {
    /** As they were when the subscription was written: the context may change what they would be now. */
    routes?: readonly EventRoute[];
    /** How far the events that came before the listener were read. */
    early?: 'read' | { readonly after: string };
    state?: ConsumptionState;
    /** What was read of the event that is being worked through. */
    item?: Json;
    list?: ListFrame;
    /** Events worked through. */
    index?: number;
    output?: Json[];
    outputBytes?: number;
    /** Identities of consumed events that the inbox has not heard of. */
    unsettled?: string[];
    complete?: boolean;
  };
  try: {
    attempt?: number;
    /** Start of the first attempt and of the current one, in milliseconds since the epoch. */
    startedAt?: number;
    attemptStartedAt?: number;
    list?: ListFrame;
    /** End of the back-off before the next attempt. */
    retryAt?: number;
    caught?: { readonly error: WorkflowError; readonly list: ListFrame };
  };
  wait: { deadline?: number };
}

/** A list at its beginning. */
export function listFrame(data: Json): ListFrame {
  return { index: 0, data, visits: {} };
}

/** Everything of an execution that is not in its start argument; what continue-as-new carries. */
export interface Position {
  /** Random text drawn at the first start: with it each call's idempotency key is made. */
  readonly seed: string;
  /** When the first run started, in milliseconds since the epoch. */
  readonly startedAt: number;
  /** The last task run's number. */
  seq: number;
  /** `$context`. */
  context: Json;
  /** The workflow's transformed input and the frames below it; absent until the input was checked. */
  root?: ListFrame;
  deadline?: number;
  /** From when the workflow's timeout counts, where that is not its start; milliseconds since the epoch. */
  timeoutFrom?: number;
  /** Present once a task listened. */
  events?: EventsFrame;
  /** Present where lifecycle events are published. */
  lifecycle?: LifecycleFrame;
  /** The status that the search attribute shows; `running` when absent. */
  shownStatus?: Exclude<ExecutionStatus, 'pending' | 'completed' | 'cancelled'>;
  /** What the tasks gave in the end, once they have. */
  result?: { readonly raw: Json };
  /** Present while the execution is suspended: since when, in milliseconds since the epoch. */
  suspendedAt?: number;
  /** Present where the execution faulted and is held open. */
  held?: HeldFrame;
  /** Where a migration goes at the barrier, or why the last one did not. */
  migration?: MigrationFrame;
  /** Tasks that can be undone, and how far that is. */
  compensation?: CompensationFrame;
  /** Answers to updates by their id, oldest first: a repeat that comes in a later run gets the first one's. */
  answers?: (readonly [id: string, answer: Json])[];
  /**
   * Somebody cancelled the execution when its last run was about to end: this one takes up what is open, begins nothing,
   * and asks to be cancelled again.
   */
  cancelled?: boolean;
}

/** A fault that nothing caught. */
export interface HeldFrame {
  readonly error: WorkflowError;
  /** Numbers of the task runs that it went through, from the innermost outwards; none where the workflow faulted. */
  readonly through: readonly number[];
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Somebody asked for a retry; it begins with the next run. */
  retry?: RetryRequest;
}

export type MigrationFrame =
  | { readonly state: 'pending'; readonly definition: Definition }
  | { readonly state: 'refused'; readonly version: string; readonly obstacles: readonly MigrationObstacle[] };
