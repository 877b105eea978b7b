/** What the command reads of the API's answers. Members that it does not know are kept, for `--json`. */
import { z } from 'zod';
import type { Json } from '../dsl/json.ts';
import { executionStatuses } from '../workflows/contract.ts';

const json = z.custom<Json>();

export const taskRun = z.looseObject({
  seq: z.number(),
  reference: z.string(),
  name: z.string(),
  status: z.enum(['running', 'waiting', 'completed', 'faulted', 'cancelled', 'skipped']),
  attempt: z.number(),
  startedAt: z.string(),
  endedAt: z.string().nullish(),
});
export type TaskRunView = z.infer<typeof taskRun>;

export const compensation = z.looseObject({ reference: z.string(), name: z.string(), status: z.string() });
/** A task's undoing. */
export type CompensationView = z.infer<typeof compensation>;

export const obstacle = z.looseObject({ reference: z.string(), reason: z.string() });
export const child = z.looseObject({ reference: z.string(), workflowId: z.string() });

const executionSummary = z.looseObject({
  id: z.string(),
  runId: z.string().nullish(),
  workflow: z.string(),
  version: z.string().nullish(),
  status: z.enum(executionStatuses),
  startedAt: z.string().nullish(),
  endedAt: z.string().nullish(),
});

export const execution = executionSummary.extend({
  input: json.optional(),
  output: json.optional(),
  error: json.optional(),
  held: z.boolean().nullish(),
  suspendedAt: z.string().nullish(),
  migration: z
    .looseObject({ version: z.string(), state: z.string(), obstacles: z.array(obstacle) })
    .nullish(),
  compensations: z.array(compensation).nullish(),
  omittedCompensations: z.number().nullish(),
  children: z.array(child).nullish(),
  retryOf: z.string().nullish(),
  retriedAs: z.string().nullish(),
  tasks: z.array(taskRun).default([]),
  omittedTasks: z.number().nullish(),
  links: z.looseObject({ temporalUi: z.string().nullish() }).nullish(),
});
export type Execution = z.infer<typeof execution>;

export const taskPage = z.looseObject({
  tasks: z.array(taskRun),
  before: z.number().nullable(),
  runId: z.string(),
  earlierUnavailable: z.boolean().optional(),
});

const finding = z.looseObject({
  pointer: z.string().optional(),
  message: z.string(),
  code: z.string().optional(),
  line: z.number().optional(),
  column: z.number().optional(),
});
/** Something that is wrong with a document, or a warning about it. */
export type Finding = z.infer<typeof finding>;

/** The answer of a deploy and of a check. */
export const checked = z.looseObject({
  namespace: z.string(),
  name: z.string(),
  version: z.string(),
  warnings: z.array(finding).default([]),
});
export type Checked = z.infer<typeof checked>;

const nextCursor = z.string().nullish();

export const executionList = z.object({ executions: z.array(executionSummary), nextCursor });

export const definitionList = z.object({
  definitions: z.array(
    z.looseObject({
      namespace: z.string(),
      name: z.string(),
      latest: z.string(),
      title: z.string().nullish(),
    }),
  ),
  nextCursor,
});

export const workflowList = z.object({
  workflows: z.array(
    z.looseObject({
      workflow: z.string(),
      kind: z.string(),
      version: z.string().nullish(),
      title: z.string().nullish(),
    }),
  ),
  nextCursor,
});

const reached = z.looseObject({ count: z.number(), executions: z.array(z.string()) });
export const routedEvent = z.looseObject({ id: z.string(), delivered: reached, started: reached });
/** What an event has set in motion. */
export type RoutedEvent = z.infer<typeof routedEvent>;

export const routedEvents = z.object({ events: z.array(routedEvent) });

const inboxEntry = z.looseObject({
  event: z.looseObject({ id: z.string(), source: z.string(), type: z.string() }),
  expiresAt: z.string(),
  ageSeconds: z.number(),
  consumedBy: z.array(z.string()),
});
/** An event in the inbox. */
export type InboxEntry = z.infer<typeof inboxEntry>;

export const inbox = z.object({ events: z.array(inboxEntry), nextCursor });

export const lock = z.looseObject({
  key: z.string(),
  holder: z.string().nullable(),
  execution: z.string().nullable(),
  token: z.string().nullable(),
  since: z.string().nullable(),
  expiresAt: z.string().nullable(),
  waiting: z.number(),
  queue: z.array(z.looseObject({ holder: z.string(), execution: z.string(), since: z.string() })),
});
export type Lock = z.infer<typeof lock>;

export const lockList = z.object({ locks: z.array(lock), nextCursor });

export const deadLetter = z.looseObject({
  id: z.string(),
  reason: z.string(),
  detail: z.string(),
  event: z.looseObject({
    id: z.string().optional(),
    source: z.string().optional(),
    type: z.string().optional(),
  }),
  origin: z.string().optional(),
  diedAt: z.string(),
  failedAt: z.string(),
  expiresAt: z.string(),
  attempts: z.number(),
  bytes: z.number(),
  complete: z.boolean(),
  reached: z.number(),
  content: json.optional(),
});
/** An event that could not be routed; only a read of one has its content. */
export type DeadLetter = z.infer<typeof deadLetter>;

export const deadLetterList = z.object({ deadLetters: z.array(deadLetter), nextCursor });

export const redrivenMany = z.looseObject({
  tried: z.number(),
  routed: z.number(),
  dead: z.number(),
  nextCursor,
});

export const scheduleList = z.object({
  schedules: z.array(
    z.looseObject({
      workflow: z.string(),
      paused: z.boolean(),
      note: z.string().optional(),
      next: z.array(z.string()),
    }),
  ),
  nextCursor,
});

/** A start answers with less than a read: the execution may not have been read yet. */
export const started = z.looseObject({
  id: z.string(),
  runId: z.string(),
  workflow: z.string(),
  links: z.looseObject({ temporalUi: z.string().nullish() }).nullish(),
});
export type Started = z.infer<typeof started>;

export const problem = z.looseObject({
  type: z.string().optional(),
  title: z.string().optional(),
  status: z.number().optional(),
  detail: z.string().optional(),
  errors: z.array(finding).optional(),
});
export type ProblemBody = z.infer<typeof problem>;
