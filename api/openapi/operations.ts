/** One entry for each route of the API: a test compares the two. */
import type { z } from 'zod';
import { deadLetterQuery, redriveBody, redriveManyBody } from '../dead-letters.ts';
import { definitionListQuery, definitionTypes, versionListQuery } from '../definitions.ts';
import { inboxQuery } from '../events.ts';
import { listParameters } from '../executions-list.ts';
import { tasksQuery } from '../executions-tasks.ts';
import { lockListQuery } from '../locks.ts';
import { messageBody } from '../messages.ts';
import { runQuery } from '../open-execution.ts';
import { cancelBody } from '../operations/cancel.ts';
import { migrateBody } from '../operations/migrate.ts';
import { operationQuery } from '../operations/operation-request.ts';
import { retryBody } from '../operations/retry.ts';
import { suspendBody } from '../operations/suspend.ts';
import { terminateBody } from '../operations/terminate.ts';
import type { ProblemName } from '../problem.ts';
import { pauseBody, scheduleListQuery, triggerBody } from '../schedules.ts';
import { startBody } from '../start-request.ts';
import { workflowListQuery } from '../workflows.ts';
import type { schemas } from './schemas.ts';

type SchemaName = keyof typeof schemas;

export interface OperationDescription {
  readonly tag: string;
  readonly summary: string;
  readonly query?: z.ZodType;
  readonly headers?: readonly ('Prefer' | 'Idempotency-Key')[];
  readonly body?: z.ZodType | 'definition' | 'event';
  /** What it answers by status: a schema's name, a media type, or null for nothing. */
  readonly answers: Readonly<Record<number, SchemaName | `${string}/${string}` | null>>;
  /** Problems that are particular to it. */
  readonly problems?: readonly ProblemName[];
}

const one = '/v1/definitions/{namespace}/{name}';
const execution = '/v1/executions/{id}';
const schedule = '/v1/schedules/{namespace}/{name}';
const deadLetter = '/v1/dead-letters/{id}';

/** What every operation on an open execution of a definition can be refused with. */
const onOpen = ['execution-not-found', 'execution-ended', 'operation-not-supported'] as const;

export const operations: Readonly<Record<string, OperationDescription>> = {
  'POST /v1/definitions': {
    tag: 'Definitions',
    summary: 'Deploys a definition; 200 where this version is deployed with the same content',
    body: 'definition',
    answers: { 200: 'DeployedDefinition', 201: 'DeployedDefinition' },
    problems: ['definition-exists', 'payload-too-large', 'invalid-definition'],
  },
  'POST /v1/definitions/validate': {
    tag: 'Definitions',
    summary: 'Checks a definition as a deploy does, and stores nothing',
    body: 'definition',
    answers: { 200: 'ValidDefinition' },
    problems: ['payload-too-large', 'invalid-definition'],
  },
  'GET /v1/definitions': {
    tag: 'Definitions',
    summary: 'Lists the deployed definitions with their latest versions',
    query: definitionListQuery,
    answers: { 200: 'DefinitionList' },
  },
  [`GET ${one}`]: {
    tag: 'Definitions',
    summary: 'The latest version of a definition',
    answers: { 200: 'DefinitionRecord' },
    problems: ['definition-not-found'],
  },
  [`GET ${one}/versions`]: {
    tag: 'Definitions',
    summary: 'The versions of a definition, highest first',
    query: versionListQuery,
    answers: { 200: 'VersionList' },
    problems: ['definition-not-found'],
  },
  [`GET ${one}/versions/{version}`]: {
    tag: 'Definitions',
    summary: 'One version of a definition, or `latest`',
    answers: { 200: 'DefinitionRecord' },
    problems: ['definition-not-found'],
  },
  [`DELETE ${one}/versions/{version}`]: {
    tag: 'Definitions',
    summary: 'Removes a version: it can no longer be started, and what runs goes on',
    answers: { 204: null },
    problems: ['definition-not-found'],
  },
  'GET /v1/workflows': {
    tag: 'Definitions',
    summary: 'Everything that can be started, with input schemas',
    query: workflowListQuery,
    answers: { 200: 'WorkflowList' },
  },
  'POST /v1/executions': {
    tag: 'Executions',
    summary: 'Starts an execution; 200 where it ends within the wait that Prefer asks for',
    headers: ['Prefer', 'Idempotency-Key'],
    body: startBody,
    answers: { 200: 'Execution', 202: 'StartedExecution' },
    problems: [
      'workflow-not-found',
      'execution-exists',
      'idempotency-conflict',
      'payload-too-large',
      'invalid-input',
      'invalid-start',
    ],
  },
  'GET /v1/executions': {
    tag: 'Executions',
    summary: 'Lists executions, newest first',
    query: listParameters,
    answers: { 200: 'ExecutionList' },
  },
  [`GET ${execution}`]: {
    tag: 'Executions',
    summary: 'An execution with its input, outcome and tasks',
    query: runQuery,
    answers: { 200: 'Execution' },
    problems: ['execution-not-found'],
  },
  [`GET ${execution}/result`]: {
    tag: 'Executions',
    summary: 'The outcome of an execution; 202 where it has not ended within the wait',
    query: runQuery,
    headers: ['Prefer'],
    answers: { 200: 'Result', 202: 'Result' },
    problems: ['execution-not-found'],
  },
  [`GET ${execution}/tasks`]: {
    tag: 'Executions',
    summary: 'The task runs of an execution, the latest page first, through all of its runs',
    query: tasksQuery,
    answers: { 200: 'TaskPage' },
    problems: ['execution-not-found', 'operation-not-supported', 'no-answer'],
  },
  [`GET ${execution}/history`]: {
    tag: 'Executions',
    summary: "Temporal's history of a run, as the replayer takes it",
    query: runQuery,
    answers: { 200: 'application/json' },
    problems: ['execution-not-found'],
  },
  [`POST ${execution}/signals/{name}`]: {
    tag: 'Messages',
    summary: 'Sends a signal',
    query: runQuery,
    headers: ['Idempotency-Key'],
    body: messageBody,
    answers: { 202: 'Accepted' },
    problems: ['execution-not-found', 'execution-ended', 'payload-too-large'],
  },
  [`GET ${execution}/queries/{name}`]: {
    tag: 'Messages',
    summary: 'Asks a query that takes no argument',
    query: runQuery,
    answers: { 200: 'Answer' },
    problems: ['execution-not-found', 'handler-not-found', 'handler-failed', 'no-answer'],
  },
  [`POST ${execution}/queries/{name}`]: {
    tag: 'Messages',
    summary: 'Asks a query',
    query: runQuery,
    body: messageBody,
    answers: { 200: 'Answer' },
    problems: ['execution-not-found', 'handler-not-found', 'handler-failed', 'no-answer'],
  },
  [`POST ${execution}/updates/{name}`]: {
    tag: 'Messages',
    summary: 'Makes an update and waits up to 30 s for its result',
    query: runQuery,
    headers: ['Idempotency-Key'],
    body: messageBody,
    answers: { 200: 'Answer' },
    problems: ['execution-not-found', 'execution-ended', 'handler-not-found', 'handler-failed', 'no-answer'],
  },
  [`POST ${execution}/suspend`]: {
    tag: 'Operations',
    summary: 'Holds the execution at the next task boundary of each branch',
    query: operationQuery,
    headers: ['Idempotency-Key'],
    body: suspendBody,
    answers: { 200: 'ChangedExecution' },
    problems: [...onOpen, 'execution-ending', 'no-answer'],
  },
  [`POST ${execution}/resume`]: {
    tag: 'Operations',
    summary: 'Lets a suspended execution go on',
    query: operationQuery,
    headers: ['Idempotency-Key'],
    body: suspendBody,
    answers: { 200: 'ChangedExecution' },
    problems: [...onOpen, 'execution-ending', 'no-answer'],
  },
  [`POST ${execution}/retry`]: {
    tag: 'Operations',
    summary:
      'Lets a faulted execution go on at the task that faulted: in place, or as a new run where it has ended',
    query: operationQuery,
    headers: ['Idempotency-Key'],
    body: retryBody,
    answers: { 200: 'RetryPlan', 202: 'Retry' },
    problems: [
      ...onOpen,
      'execution-ending',
      'execution-not-faulted',
      'work-undone',
      'idempotency-conflict',
      'retry-the-root',
      'payload-too-large',
      'invalid-input',
      'no-answer',
    ],
  },
  [`POST ${execution}/migrate`]: {
    tag: 'Operations',
    summary: 'Lets the execution go on with another version of its definition',
    query: operationQuery,
    headers: ['Idempotency-Key'],
    body: migrateBody,
    answers: { 200: 'MigrationPlan', 202: 'Migration' },
    problems: [
      ...onOpen,
      'execution-ending',
      'workflow-not-found',
      'migration-unsafe',
      'payload-too-large',
      'no-answer',
    ],
  },
  [`POST ${execution}/cancel`]: {
    tag: 'Operations',
    summary: 'Asks the execution to cancel; it undoes its work first, unless it is told not to',
    query: operationQuery,
    headers: ['Idempotency-Key'],
    body: cancelBody,
    answers: { 200: 'UnderWay', 202: 'Accepted' },
    problems: [...onOpen, 'execution-ending', 'no-answer'],
  },
  [`POST ${execution}/terminate`]: {
    tag: 'Operations',
    summary: 'Ends the execution at once, without a chance to clean up',
    query: operationQuery,
    body: terminateBody,
    answers: { 200: 'UnderWay', 202: 'Accepted' },
    problems: ['execution-not-found', 'execution-ended'],
  },
  'GET /v1/schedules': {
    tag: 'Schedules',
    summary: 'Lists the definitions that start by time, with their next starts',
    query: scheduleListQuery,
    answers: { 200: 'ScheduleList' },
  },
  [`GET ${schedule}`]: {
    tag: 'Schedules',
    summary: 'The schedule of a definition, with its recent starts',
    answers: { 200: 'Schedule' },
    problems: ['schedule-not-found'],
  },
  [`POST ${schedule}/trigger`]: {
    tag: 'Schedules',
    summary: 'Starts one execution now, also while the schedule is paused',
    body: triggerBody,
    answers: { 202: 'AcceptedSchedule' },
    problems: ['schedule-not-found'],
  },
  [`POST ${schedule}/pause`]: {
    tag: 'Schedules',
    summary: 'Starts nothing until it is resumed',
    body: pauseBody,
    answers: { 202: 'AcceptedSchedule' },
    problems: ['schedule-not-found'],
  },
  [`POST ${schedule}/resume`]: {
    tag: 'Schedules',
    summary: 'Starts executions again',
    body: pauseBody,
    answers: { 202: 'AcceptedSchedule' },
    problems: ['schedule-not-found'],
  },
  'POST /v1/events': {
    tag: 'Events',
    summary: 'Takes CloudEvents to the executions that listen for them, and starts what they start',
    body: 'event',
    answers: { 202: 'RoutedEvents' },
    problems: ['payload-too-large', 'unsupported-media-type', 'invalid-event'],
  },
  'GET /v1/events': {
    tag: 'Events',
    summary: 'The inbox: the events of the last minutes, by type and in order of arrival',
    query: inboxQuery,
    answers: { 200: 'Inbox' },
  },
  'GET /v1/locks': {
    tag: 'Locks',
    summary: 'Lists the locks that somebody holds or waits for',
    query: lockListQuery,
    answers: { 200: 'LockList' },
    problems: ['locks-unavailable'],
  },
  'GET /v1/locks/{key}': {
    tag: 'Locks',
    summary: 'A lock: its holder, its token and who waits for it',
    answers: { 200: 'Lock' },
    problems: ['lock-not-found', 'locks-unavailable'],
  },
  'GET /v1/dead-letters': {
    tag: 'Events',
    summary: 'Lists the events that could not be routed, the latest first',
    query: deadLetterQuery,
    answers: { 200: 'DeadLetterList' },
  },
  'POST /v1/dead-letters/redrive': {
    tag: 'Events',
    summary:
      'Sends up to `limit` dead letters again, for ten seconds at most; the cursor goes on behind them',
    body: redriveManyBody,
    answers: { 200: 'RedrivenMany' },
  },
  [`GET ${deadLetter}`]: {
    tag: 'Events',
    summary: 'A dead letter with what was received',
    answers: { 200: 'DeadLetter' },
    problems: ['dead-letter-not-found'],
  },
  [`POST ${deadLetter}/redrive`]: {
    tag: 'Events',
    summary: 'Sends a dead letter again; it is gone when everyone who listens has it',
    body: redriveBody,
    answers: { 200: 'RoutedEvent' },
    problems: ['dead-letter-not-found', 'not-routed'],
  },
  [`DELETE ${deadLetter}`]: {
    tag: 'Events',
    summary: 'Lets a dead letter go',
    answers: { 204: null },
    problems: ['dead-letter-not-found'],
  },
  'GET /healthz': { tag: 'Service', summary: 'The process lives', answers: { 200: 'Health' } },
  'GET /readyz': {
    tag: 'Service',
    summary: 'Temporal and the store answer',
    answers: { 200: 'Health' },
    problems: ['not-ready'],
  },
  'GET /metrics': { tag: 'Service', summary: 'Prometheus metrics', answers: { 200: 'text/plain' } },
  'GET /openapi.json': { tag: 'Service', summary: 'This description', answers: { 200: 'application/json' } },
  'GET /docs': { tag: 'Service', summary: 'This description as a page', answers: { 200: 'text/html' } },
  'GET /docs/{asset}': { tag: 'Service', summary: 'What the page loads', answers: { 200: 'text/css' } },
};

/** Media types of a definition's text. */
export const definitionMediaTypes: readonly string[] = definitionTypes;
