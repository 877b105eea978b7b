/** Schemas of what the API answers, in JSON Schema 2020-12 as OpenAPI 3.1 takes it. */
import { deadReasons } from '../../backends/events/failure.ts';
import { executionStatuses } from '../../workflows/contract.ts';

export type SchemaObject = Readonly<Record<string, unknown>>;

/** A reference to one of {@link schemas}. */
export function ref(name: keyof typeof schemas): SchemaObject {
  return { $ref: `#/components/schemas/${name}` };
}

const text = { type: 'string' };
const time = { type: 'string', format: 'date-time' };
const anything = { description: 'Any JSON value' };
const status = { enum: executionStatuses };
const links = object({ temporalUi: { type: ['string', 'null'] } });
const identity = { id: text, runId: text, workflow: text, version: text };
const nextCursor = { type: 'string', description: 'Absent on the last page' };
const reached = object({ count: { type: 'integer' }, executions: { type: 'array', items: text } });
const scheduleEntry = {
  workflow: text,
  paused: { type: 'boolean' },
  note: text,
  next: { type: 'array', items: time, description: 'The next starts; empty while there are none' },
};
const error = { $ref: '#/components/schemas/WorkflowError' };
const errorOrNull = { anyOf: [error, { type: 'null' }] };
const taskRuns = list({
  seq: { type: 'integer' },
  reference: { type: 'string', description: 'JSON Pointer into the definition' },
  name: text,
  status: text,
  attempt: { type: 'integer' },
  startedAt: time,
  endedAt: time,
  input: { description: 'Raw input, where it is known and small' },
  output: { description: 'Output, where it is known and small' },
  iterations: { type: 'integer', description: 'Iterations of a `for` that have ended' },
});
const held = { type: 'boolean', description: 'It faulted and stays open until it is retried or cancelled' };
const compensations = list({
  reference: text,
  name: text,
  status: { enum: ['registered', 'running', 'completed', 'failed'] },
  error,
});
const omittedCompensations = { type: 'integer', description: 'Compensations that are not listed' };
const children = list({ reference: text, workflowId: text });
const obstacles = list({ reference: text, reason: text });
const dryRun = { type: 'boolean', description: 'Present where nothing was changed' };
const underWay = { id: text, dryRun, status, tasks: taskRuns };
const migrationPlan = {
  id: text,
  dryRun,
  possible: { type: 'boolean' },
  from: { type: 'string', description: 'The version that it runs now' },
  to: text,
  differences: list({
    reference: text,
    change: { enum: ['added', 'removed', 'changed', 'moved'] },
    from: { type: 'string', description: 'Of what moved: its pointer in the old version' },
  }),
  obstacles,
};
const routedEvent = {
  id: text,
  source: text,
  type: text,
  known: { type: 'boolean', description: 'The event came before' },
  delivered: reached,
  started: reached,
};
const deadLetter = {
  id: text,
  reason: { enum: deadReasons },
  detail: text,
  event: { ...object({ id: text, source: text, type: text }), description: 'As far as it has them' },
  origin: { type: 'string', description: 'Where the event system had it' },
  diedAt: time,
  failedAt: { ...time, description: 'The last time that it was tried' },
  expiresAt: time,
  attempts: { type: 'integer', description: 'Tries to route it, all together' },
  bytes: { type: 'integer', description: 'Of its JSON' },
  complete: { type: 'boolean', description: 'False where it is too large to be kept and sent again' },
  reached: { type: 'integer', description: 'Who has the event nevertheless, and does not get it again' },
};
const nullable = { type: ['string', 'null'] };
const lock = {
  key: text,
  holder: { ...nullable, description: 'Who has it; null while it is being handed on' },
  execution: { ...nullable, description: 'The id of the execution that has it' },
  token: { ...nullable, description: 'The fencing token: decimal digits that only grow' },
  since: { ...nullable, format: 'date-time' },
  expiresAt: { ...nullable, format: 'date-time', description: 'Unless it is renewed' },
  waiting: { type: 'integer', description: 'How many wait' },
  queue: {
    ...list({ holder: text, execution: text, since: time }),
    description: 'Who waits, the next one first; at most 100 are listed',
  },
};
const details = { type: 'array', items: { $ref: '#/components/schemas/ProblemDetail' } };

export const schemas = {
  Problem: object({
    type: { type: 'string', format: 'uri', description: 'Stable; docs/api.md lists all' },
    title: text,
    status: { type: 'integer' },
    detail: text,
    requestId: { type: 'string', description: 'Finds the request in the log' },
    errors: details,
  }),
  ProblemDetail: object({
    pointer: { type: 'string', description: 'JSON Pointer into what was sent' },
    message: text,
    code: text,
    line: { type: 'integer' },
    column: { type: 'integer' },
  }),
  DeployedDefinition: object({
    namespace: text,
    name: text,
    version: text,
    title: text,
    summary: text,
    digest: text,
    deployedAt: time,
    warnings: details,
  }),
  ValidDefinition: object({
    valid: { const: true },
    namespace: text,
    name: text,
    version: text,
    digest: text,
    warnings: details,
  }),
  DefinitionRecord: object({
    namespace: text,
    name: text,
    version: text,
    title: text,
    summary: text,
    digest: text,
    deployedAt: time,
    definition: { type: 'object' },
    source: { type: 'string', description: 'The text as it was deployed' },
  }),
  DefinitionList: object({
    definitions: list({ namespace: text, name: text, latest: text, title: text, summary: text }),
    nextCursor,
  }),
  VersionList: object({ versions: list({ version: text, digest: text, deployedAt: time }), nextCursor }),
  WorkflowList: object({
    workflows: list({
      workflow: { type: 'string', description: '`namespace/name`, or the name of a TypeScript workflow' },
      kind: { enum: ['definition', 'typescript'] },
      version: text,
      title: text,
      summary: text,
      inputSchema: { description: 'JSON Schema of the input, where there is one' },
    }),
    nextCursor,
  }),
  StartedExecution: object({ ...identity, status: { const: 'running' }, links }),
  Execution: object({
    ...identity,
    status,
    startedAt: time,
    endedAt: { type: ['string', 'null'], format: 'date-time' },
    input: anything,
    output: anything,
    error: errorOrNull,
    held,
    suspendedAt: { ...time, description: 'Present while it is suspended' },
    migration: object({ version: text, state: { enum: ['pending', 'refused'] }, obstacles }),
    compensations,
    omittedCompensations,
    children,
    retryOf: { type: 'string', description: 'The run that faulted, of which this one is the retry' },
    retriedAs: { type: 'string', description: 'The first run of the retry of this one' },
    tasks: taskRuns,
    omittedTasks: { type: 'integer', description: 'Ended task runs that are no longer listed' },
    tasksUnavailable: { type: 'string', description: 'Why tasks could not be asked for' },
    continuedAs: { type: 'string', description: 'The run that goes on where this one continued as new' },
    links,
  }),
  ExecutionList: object({
    executions: list({
      ...identity,
      status,
      held,
      startedAt: time,
      endedAt: { type: ['string', 'null'], format: 'date-time' },
      errorType: text,
      links,
    }),
    nextCursor,
  }),
  Result: object({
    ...identity,
    status,
    held,
    output: anything,
    error: errorOrNull,
  }),
  TaskPage: object({
    id: text,
    tasks: taskRuns,
    before: {
      type: ['integer', 'null'],
      description: 'Asks for the page before, with `runId`; null where none is',
    },
    runId: { type: 'string', description: 'The run to go on with' },
    earlierUnavailable: { type: 'boolean', description: 'Earlier tasks are past their retention' },
  }),
  ChangedExecution: object({
    ...underWay,
    wouldChange: { type: 'boolean', description: 'Of a dry run: whether the call would change anything' },
  }),
  UnderWay: object({
    ...underWay,
    compensations: { ...compensations, description: 'Tasks that would be undone, in that order' },
    leftUndone: { ...compensations, description: 'Tasks that would not be undone' },
    omittedCompensations,
    children: { ...children, description: 'Cancelled by a cancel; a terminate lets them go on' },
    tasksUnavailable: text,
  }),
  Retry: object({
    id: text,
    runId: { type: 'string', description: 'The new run, where the execution had ended' },
    retryOf: { type: 'string', description: 'The run that faulted, where the execution had ended' },
    status,
    inPlace: { type: 'boolean', description: 'True where the execution was held open' },
  }),
  RetryPlan: object({
    id: text,
    dryRun,
    possible: { type: 'boolean' },
    task: object({ reference: text, name: text, input: anything }),
    error,
    inPlace: { type: 'boolean' },
    refusal: text,
    reason: { type: 'string', description: 'Why it is not possible' },
  }),
  MigrationPlan: object(migrationPlan),
  Migration: object({ accepted: { const: true }, ...migrationPlan }),
  WorkflowError: object({
    type: text,
    status: { type: 'integer' },
    instance: text,
    title: text,
    detail: text,
  }),
  ScheduleList: object({ schedules: list(scheduleEntry), nextCursor }),
  Schedule: object({
    ...scheduleEntry,
    version: { type: 'string', description: 'The version that is started: the latest' },
    schedule: { type: 'object', description: 'As the definition writes it' },
    starts: { type: 'integer' },
    missed: { type: 'integer', description: 'Starts that Temporal missed and did not make up for' },
    recent: list({ scheduledAt: time, startedAt: time, execution: text }),
  }),
  AcceptedSchedule: object({ workflow: text, accepted: { const: true } }),
  RoutedEvents: object({ events: list(routedEvent) }),
  RoutedEvent: object(routedEvent),
  LockList: object({ locks: list(lock), nextCursor }),
  Lock: object(lock),
  DeadLetterList: object({ deadLetters: list(deadLetter), nextCursor }),
  DeadLetter: object({
    ...deadLetter,
    content: { description: 'As it came; the beginning as a text where it is not complete' },
  }),
  RedrivenMany: object({
    tried: { type: 'integer' },
    routed: { type: 'integer', description: 'Gone from the list' },
    dead: { type: 'integer', description: 'Still there, with the reason of this time' },
    nextCursor: { type: 'string', description: 'Present when there are more' },
  }),
  Inbox: object({
    events: list({
      event: { type: 'object', description: 'The CloudEvent in JSON' },
      receivedAt: time,
      expiresAt: time,
      ageSeconds: { type: 'integer' },
      matched: { type: 'boolean', description: 'A definition acted on it' },
      consumedBy: { type: 'array', items: { type: 'string', description: '`namespace/name`' } },
    }),
    nextCursor,
  }),
  Accepted: object({ id: text, accepted: { const: true } }),
  Answer: object({ result: anything }),
  Health: object({ status: text, checks: { type: 'object', additionalProperties: text } }),
};

function object(properties: SchemaObject): SchemaObject {
  return { type: 'object', properties };
}

function list(properties: SchemaObject): SchemaObject {
  return { type: 'array', items: object(properties) };
}
