/** For tests of operations: the API over a real Temporal server, and a worker with the activities that they need. */
import { resolve } from 'node:path';
import { Worker } from '@temporalio/worker';
import { createActivities } from '../../activities/create.ts';
import { environmentSecrets } from '../../activities/secrets/secrets.ts';
import { startService } from '../../api/service-under-test.ts';
import type { Answer, ServiceUnderTest } from '../../api/service-under-test.ts';
import { openMemoryEvents } from '../../backends/events/memory.ts';
import { createHttpSender } from '../../network/http-sender.ts';
import { createExecutions } from '../../temporal/executions.ts';
import { loadWorkflowBundle } from '../../workers/bundle.ts';
import type { ExecutionLimits } from '../../workflows/contract.ts';

export { eventually } from '../../api/service-under-test.ts';

const root = resolve(__dirname, '../..');

export interface OperationsService extends ServiceUnderTest {
  /** Deploys a document without its header, as `test/NAME` in the version. */
  define(name: string, body: string, header?: { version?: string; metadata?: string }): Promise<void>;
  /** Starts `test/NAME` under the id. */
  begin(name: string, id: string, more?: object): Promise<Answer>;
  /** An operation on an execution, such as `retry?dryRun=true`. */
  operate(id: string, operation: string, body?: object, key?: string): Promise<Answer>;
  /** The execution, or one of its runs, as the API tells it. */
  show(id: string, runId?: string): Promise<Answer['body']>;
  /** The execution once it has what is expected of it. */
  until(id: string, expected: object): Promise<Answer['body']>;
}

/** Starts it; stop it with `stop`. */
export async function startOperationsService(
  limits: Partial<ExecutionLimits> = {},
): Promise<OperationsService> {
  const service = await startService(limits);
  const { settings, temporal, client, store } = service;
  const workflowBundle = await loadWorkflowBundle({
    root,
    data: settings.data,
    prebuilt: process.env.PERDURE_WORKFLOW_BUNDLE,
    progress: () => undefined,
  });
  const events = openMemoryEvents();
  const http = createHttpSender(settings.outgoing);
  const activities = createActivities({
    store,
    events,
    http,
    secrets: environmentSecrets({}, 'PERDURE_SECRET_'),
    executions: createExecutions(() => client),
  });
  const { namespace, taskQueue } = settings.temporal;
  const connection = temporal.nativeConnection;
  const worker = await Worker.create({ connection, namespace, taskQueue, workflowBundle, activities });
  const running = worker.run();

  const show = async (id: string, runId?: string): Promise<Answer['body']> => {
    const query = runId === undefined ? '' : `?runId=${runId}`;
    return (await service.call('GET', executionPath(id) + query)).body;
  };
  return {
    ...service,
    async define(name, body, { version = '1.0.0', metadata = '{}' } = {}) {
      const header = `{ dsl: '1.0.3', namespace: test, name: ${name}, version: '${version}', metadata: ${metadata} }`;
      const { status, body: answer } = await service.deploy(`document: ${header}\n${body}`);
      if (status !== 201) throw new Error(JSON.stringify(answer));
    },
    begin: (name, id, more = {}) => service.post('/v1/executions', { workflow: `test/${name}`, id, ...more }),
    operate: (id, operation, body = {}, key) =>
      service.post(
        `${executionPath(id)}/${operation}`,
        body,
        key === undefined ? {} : { 'idempotency-key': key },
      ),
    show,
    until: (id, expected) => becomes(() => show(id), expected),
    async stop() {
      worker.shutdown();
      await running;
      await http.close();
      await events.close();
      await service.stop();
    },
  };
}

/** Where an execution is; ids of children have slashes. */
export function executionPath(id: string): string {
  return `/v1/executions/${encodeURIComponent(id)}`;
}

/** What `read` gives once it has what is expected of it, for which it has a minute. */
export async function becomes<T extends object>(read: () => Promise<T>, expected: object): Promise<T> {
  const until = Date.now() + 60_000;
  for (;;) {
    const value = await read();
    try {
      expect(value).toMatchObject(expected);
      return value;
    } catch (error) {
      if (Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 125));
    }
  }
}

/** The problem's name and status of an answer. */
export function problemOf({ status, body }: Answer): readonly [number, string] {
  return [status, String(body.type).replace('urn:perdure:problem:', '')];
}

/** A TypeScript workflow that waits. */
export const approval = {
  workflow: 'approval',
  input: {
    subject: 'A new laptop',
    requestedBy: 'ada',
    approvers: ['bob'],
    deadlineSeconds: 3_600,
    remindEverySeconds: 3_000,
  },
};
