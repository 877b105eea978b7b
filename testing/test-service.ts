import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { promptQueue } from '../temporal/dev-server-process.ts';
import { findTemporalCli, findTestServer } from '../temporal/find-cli.ts';
import { ensureNamespace } from '../temporal/namespace.ts';
import { defaultNamespace } from '../workflows/contract.ts';
import type { RecordedHistory } from './replay.ts';
import { workflowCode } from './workflow-code.ts';
import type { WorkflowCodeOptions } from './workflow-code.ts';

export interface TestServiceOptions extends WorkflowCodeOptions {
  /** The activities that the workflows call, by name. */
  readonly activities?: object;
  /** Lets hours pass in milliseconds while workflows only wait. Such a server knows no search attributes. */
  readonly timeSkipping?: boolean;
  /** Gets one line for a person when a server binary has to be fetched. */
  readonly progress?: (line: string) => void;
}

/** A Temporal server of a test's own, with a worker that runs the workflows and activities. */
export interface TestService {
  readonly client: Client;
  readonly taskQueue: string;
  /** Lets so much time pass: for real, or skipped where `timeSkipping` is on. */
  sleep(milliseconds: number): Promise<void>;
  /** The server's time in milliseconds since the epoch. */
  now(): Promise<number>;
  /** The history of an execution, as {@link replayHistory} takes it. */
  history(workflowId: string): Promise<RecordedHistory>;
  /** Ends worker and server. */
  close(): Promise<void>;
}

/** Starts a server on a free port and a worker on it. Rejects when no server binary can be found or fetched. */
export async function startTestService(options: TestServiceOptions): Promise<TestService> {
  quietRuntime();
  const [environment, workflowBundle] = await Promise.all([startServer(options), workflowCode(options)]);
  const taskQueue = `testing-${randomUUID()}`;
  try {
    const worker = await Worker.create({
      connection: environment.nativeConnection,
      namespace: environment.namespace,
      taskQueue,
      workflowBundle,
      activities: options.activities,
    });
    const running = worker.run();
    // Read again by close: a worker that fails must not end the test's process before the test says so.
    running.catch(() => undefined);
    return {
      client: environment.client,
      taskQueue,
      sleep: (milliseconds) => environment.sleep(milliseconds),
      now: () => environment.currentTimeMs(),
      history: (workflowId) => environment.client.workflow.getHandle(workflowId).fetchHistory(),
      close: async () => {
        try {
          if (worker.getState() === 'RUNNING') worker.shutdown();
          await running;
        } finally {
          await environment.teardown();
        }
      },
    };
  } catch (error) {
    await environment.teardown();
    throw error;
  }
}

// A server of one process needs no care for the clocks of others: timers fire within 50 ms and not within a second, and an
// execution that continues as new need not have run for a second.
const hurry = [
  'history.timerProcessorMaxTimeShift="50ms"',
  'history.workflowIdReuseMinimalInterval="0s"',
].flatMap((setting) => ['--dynamic-config-value', setting]);

async function startServer({
  root,
  timeSkipping = false,
  progress = (): void => undefined,
}: TestServiceOptions): Promise<TestWorkflowEnvironment> {
  const find = { root, env: process.env, progress };
  if (timeSkipping) {
    const path = await findTestServer(find);
    return TestWorkflowEnvironment.createTimeSkipping({
      server: { executable: { type: 'existing-path', path } },
    });
  }
  const path = await findTemporalCli(find);
  const environment = await TestWorkflowEnvironment.createLocal({
    server: {
      executable: { type: 'existing-path', path },
      namespace: defaultNamespace,
      extraArgs: [...promptQueue, ...hurry],
    },
  });
  try {
    await ensureNamespace(
      environment.connection,
      { namespace: defaultNamespace, retentionDays: 1 },
      progress,
    );
    return environment;
  } catch (error) {
    await environment.teardown();
    throw error;
  }
}

let quiet = false;

/** The SDK has one runtime a process, which has to be set before its first use. */
function quietRuntime(): void {
  if (quiet) return;
  quiet = true;
  Runtime.install({ logger: new DefaultLogger('ERROR') });
}
