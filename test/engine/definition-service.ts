/** Runs definitions on a real Temporal server with Perdure's own activities, without the API around them. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { WorkflowFailedError, type Client, type WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { createActivities } from '../../activities/create.ts';
import { createHttpSender } from '../../network/http-sender.ts';
import { openProcesses } from '../../activities/run/open-processes.ts';
import { environmentSecrets } from '../../activities/secrets/secrets.ts';
import type { EventDelivery } from '../../backends/events/delivery.ts';
import { openMemoryEvents } from '../../backends/events/memory.ts';
import type { EventPublisher } from '../../backends/events/port.ts';
import { createEventRouting } from '../../backends/events/routing.ts';
import type { EventRouting } from '../../backends/events/routing.ts';
import { createDefinitions } from '../../backends/store/definitions.ts';
import { openLocks } from '../../backends/locks/open.ts';
import type { Locks } from '../../backends/locks/port.ts';
import { openStore } from '../../backends/store/open.ts';
import type { Store } from '../../backends/store/port.ts';
import { defaults } from '../../config/defaults.ts';
import { checkDefinition } from '../../dsl/check.ts';
import { definitionDigest } from '../../dsl/digest.ts';
import type { WorkflowError } from '../../dsl/errors.ts';
import type { Json } from '../../dsl/json.ts';
import type { Definition } from '../../dsl/types.ts';
import { createEventDelivery } from '../../temporal/event-delivery.ts';
import { createExecutions } from '../../temporal/executions.ts';
import { startTestService, type RecordedHistory } from '../../testing/index.ts';
import {
  defaultLimits,
  definitionWorkflowType,
  statusQuery,
  type ExecutionLimits,
  type LifecycleKind,
  type StartArgument,
  type StatusReport,
} from '../../workflows/contract.ts';

export interface Ended {
  readonly output?: Json;
  readonly error?: WorkflowError;
  readonly report: StatusReport;
  readonly id: string;
}

export interface DefinitionService {
  readonly client: Client;
  readonly taskQueue: string;
  /** The folder of its store, `sqlite:store.db`. */
  readonly data: string;
  readonly store: Store;
  readonly locks: Locks;
  /** The way of events to the definitions, as the API and the bridge have it. */
  readonly routing: EventRouting;
  readonly delivery: EventDelivery;
  /** Starts a document that has `do` and whatever else, but no header of its own. */
  start(
    body: string,
    input: Json,
    limits?: Partial<ExecutionLimits>,
    lifecycle?: readonly LifecycleKind[],
    /** More members of the document's header: `metadata: …`. */
    header?: string,
    /** More of the start argument. */
    more?: Partial<StartArgument>,
  ): Promise<WorkflowHandle>;
  /** Starts a new run of an execution that has ended. */
  startAgain(ended: WorkflowHandle, start: StartArgument): Promise<WorkflowHandle>;
  /** A definition in another version, or by another name. */
  checked(document: StatusReport['workflow'], body: string): Definition;
  /** Lets so much time pass. */
  pass(milliseconds: number): Promise<void>;
  ended(handle: WorkflowHandle): Promise<Ended>;
  /** Makes a definition known to `run: workflow`, and its `schedule.on` to events. */
  deploy(yaml: string): Promise<void>;
  /** Removes a deployed version. */
  remove(namespace: string, name: string, version: string): Promise<void>;
  /** Waits until the execution runs a child, and ends that from outside. */
  child(parent: WorkflowHandle, end: 'cancel' | 'terminate'): Promise<void>;
  history(id: string): Promise<RecordedHistory>;
  close(): Promise<void>;
}

function checked(yaml: string): Definition {
  const result = checkDefinition(yaml);
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.definition;
}

/**
 * Starts server and worker. `allow` are the hosts that definitions may call; `env` holds their secrets; what they emit
 * goes to `events`, which stay the caller's to close; their locks are those of `locksUrl`.
 */
export async function startDefinitionService(
  root: string,
  allow: readonly string[],
  env: NodeJS.ProcessEnv = {},
  events: EventPublisher = openMemoryEvents(),
  locksUrl = 'temporal:',
): Promise<DefinitionService> {
  const data = await mkdtemp(join(tmpdir(), 'perdure-engine-'));
  const store = await openStore('sqlite:store.db', data);
  const definitions = createDefinitions(store);
  const opened = openProcesses({ ...defaults.run, docker: { volumes: [] } }, root);
  const locks = await openLocks(locksUrl, { temporal: { client: () => client, taskQueue: () => taskQueue } });
  const activities = createActivities({
    // Its client comes with the server, below.
    executions: createExecutions(() => client),
    locks,
    store,
    events,
    secrets: environmentSecrets(env, 'PERDURE_SECRET_'),
    http: createHttpSender({ allow, maxRedirects: 3 }),
    processes: opened.processes,
  });
  const service = await startTestService({ root, activities });
  const { client, taskQueue } = service;
  const delivery = createEventDelivery(client, { taskQueue, limits: defaultLimits, signalsPerSecond: 1_000 });
  const routing = createEventRouting({
    store,
    definitions,
    delivery,
    keepMs: 600_000,
    deadLetters: defaults.deadLetters,
    maxBytes: defaultLimits.payloadBytes,
  });
  return {
    client,
    taskQueue,
    data,
    store,
    locks,
    routing,
    delivery,
    async start(body, input, limits = {}, lifecycle, headerLine = '', more = {}) {
      const name = `case-${randomUUID().slice(0, 8)}`;
      const extra = headerLine === '' ? '' : `, ${headerLine}`;
      const header = `document: { dsl: '1.0.3', namespace: test, name: ${name}, version: '1.0.0'${extra} }\n`;
      const type = definitionWorkflowType('test', name);
      const start: StartArgument = {
        perdure: 1,
        type,
        definition: checked(header + body),
        input,
        limits: { ...defaultLimits, ...limits },
        ...(lifecycle === undefined ? {} : { lifecycle }),
        ...more,
      };
      return service.client.workflow.start(type, {
        workflowId: name,
        taskQueue: service.taskQueue,
        args: [start],
      });
    },
    startAgain: ({ workflowId }, start) =>
      service.client.workflow.start(start.type, {
        workflowId,
        taskQueue: service.taskQueue,
        args: [start],
        workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
      }),
    checked: ({ namespace, name, version }, body) =>
      checked(
        `document: { dsl: '1.0.3', namespace: ${namespace}, name: ${name}, version: '${version}' }\n${body}`,
      ),
    pass: (milliseconds) => delay(milliseconds),
    async ended(handle) {
      const result = await handle.result().then(
        (output: Json) => ({ output }),
        (failure: unknown) => {
          const cause = failure instanceof WorkflowFailedError ? failure.cause : undefined;
          const detail = cause instanceof ApplicationFailure ? cause.details?.[0] : undefined;
          if (detail === undefined || detail === null) throw failure;
          return { error: detail as WorkflowError };
        },
      );
      return { ...result, report: await handle.query<StatusReport>(statusQuery), id: handle.workflowId };
    },
    async deploy(yaml) {
      const definition = checked(yaml);
      await definitions.deploy(definition, definitionDigest(definition), yaml);
      const { namespace, name } = definition.document;
      await routing.definitionChanged(namespace, name);
    },
    async remove(namespace, name, version) {
      await definitions.remove(namespace, name, version);
      await routing.definitionChanged(namespace, name);
    },
    async child(parent, end) {
      for (;;) {
        const [pending] = (await parent.describe()).raw.pendingChildren ?? [];
        if (pending?.workflowId)
          return void (await service.client.workflow.getHandle(pending.workflowId)[end]());
        await delay(50);
      }
    },
    history: (id) => service.history(id),
    async close() {
      await service.close();
      await locks.close();
      await opened.close();
      await store.close();
      await rm(data, { recursive: true, force: true });
    },
  };
}
