/** For tests: the API on a free port of loopback, over a real Temporal dev server and a real store. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import pino from 'pino';
import { createEventRouting } from '../backends/events/routing.ts';
import { createDefinitions } from '../backends/store/definitions.ts';
import { openTemporalLocks } from '../backends/locks/temporal.ts';
import { openStore } from '../backends/store/open.ts';
import type { Store } from '../backends/store/port.ts';
import { defaults } from '../config/defaults.ts';
import type { Settings } from '../config/settings.ts';
import { createEventDelivery } from '../temporal/event-delivery.ts';
import { findTemporalCli } from '../temporal/find-cli.ts';
import { retryWithinDeadline } from '../temporal/retry-within-deadline.ts';
import { createTemporalSchedules } from '../temporal/schedules.ts';
import { createHttpSender } from '../network/http-sender.ts';
import { defaultLimits, searchAttributes } from '../workflows/contract.ts';
import type { ExecutionLimits } from '../workflows/contract.ts';
import { createResourceSource } from './resource-source.ts';
import { startApi } from './start-api.ts';

const namespace = 'default';
const taskQueue = 'perdure';
const root = resolve(__dirname, '..');

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

export interface ServiceUnderTest {
  readonly url: string;
  readonly settings: Settings;
  readonly temporal: TestWorkflowEnvironment;
  readonly client: Client;
  readonly store: Store;
  /** Every line of the log, parsed. */
  readonly log: readonly Record<string, unknown>[];
  /** Sends a request; the answer's body is parsed, `{}` where it has none. */
  call(method: string, path: string, body?: string, headers?: Record<string, string>): Promise<Answer>;
  /** Posts a value as JSON. */
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** Posts a definition as YAML. */
  deploy(source: string): Promise<Answer>;
  /** A second API over the same systems, with other settings. */
  again(api: Partial<Settings['api']>): Promise<{ url: string; close(): Promise<void> }>;
  stopTemporal(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts everything but a worker, with other limits where `limits` says so. Stop it with `stop`. */
export async function startService(limits: Partial<ExecutionLimits> = {}): Promise<ServiceUnderTest> {
  Runtime.install({ logger: new DefaultLogger('WARN') });
  const data = await mkdtemp(join(tmpdir(), 'perdure-api-'));
  const path = await findTemporalCli({ root, env: process.env, progress: () => undefined });
  const keywords = Object.values(searchAttributes).map((name) =>
    defineSearchAttributeKey(name, SearchAttributeType.KEYWORD),
  );
  const temporal = await TestWorkflowEnvironment.createLocal({
    server: { executable: { type: 'existing-path', path }, namespace, searchAttributes: keywords },
  });
  // The environment closes its own connection when it stops; the API must outlive that.
  const connection = await Connection.connect({
    address: temporal.address,
    interceptors: [retryWithinDeadline()],
  });
  const client = new Client({ connection, namespace });
  const store = await openStore('sqlite:perdure.db', data);
  const settings = testSettings(data, limits);
  const log: Record<string, unknown>[] = [];
  const logger = pino(
    { level: 'debug' },
    { write: (line: string) => void log.push(JSON.parse(line) as Record<string, unknown>) },
  );
  const definitions = createDefinitions(store);
  const metrics = {
    contentType: 'text/plain; version=0.0.4; charset=utf-8',
    text: () => Promise.resolve('perdure_test 1\n'),
  };
  const routing = createEventRouting({
    store,
    definitions,
    delivery: createEventDelivery(client, {
      taskQueue,
      limits: defaultLimits,
      signalsPerSecond: settings.bridge.signalsPerSecond,
    }),
    keepMs: settings.inbox.keepMs,
    deadLetters: settings.deadLetters,
    maxBytes: settings.limits.payloadBytes,
  });
  const schedules = createTemporalSchedules(client, { taskQueue, limits: defaultLimits });
  const http = createHttpSender(settings.outgoing);
  const resources = createResourceSource(http, root);
  const locks = openTemporalLocks({ client: () => client, taskQueue: () => taskQueue });
  const backends = { client, connection, store, definitions, routing, schedules, locks, resources };
  const dependencies = { settings, ...backends, logger, metrics, root };
  const api = await startApi(dependencies);
  let temporalStopped: Promise<void> | undefined;
  const stopTemporal = (): Promise<void> => (temporalStopped ??= temporal.teardown());
  const call = (
    method: string,
    path: string,
    body?: string,
    headers: Record<string, string> = {},
  ): Promise<Answer> => send(api.url + path, { method, body, headers });
  return {
    url: api.url,
    call,
    post: (path, body, headers) =>
      call('POST', path, JSON.stringify(body), { 'content-type': 'application/json', ...headers }),
    deploy: (source) => call('POST', '/v1/definitions', source, { 'content-type': 'application/yaml' }),
    settings,
    temporal,
    client,
    store,
    log,
    again: (changes) =>
      startApi({ ...dependencies, settings: { ...settings, api: { ...settings.api, ...changes } } }),
    stopTemporal,
    stop: async () => {
      await api.close();
      await http.close();
      await connection.close();
      await stopTemporal();
      await store.close();
      await rm(data, { recursive: true });
    },
  };
}

async function send(
  url: string,
  request: { method: string; body?: string; headers: Record<string, string> },
): Promise<Answer> {
  const response = await fetch(url, request);
  const text = await response.text();
  const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
  return { status: response.status, headers: response.headers, body };
}

/** Visibility lags behind: tries again until it holds. */
export async function eventually(check: () => Promise<void>): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await check();
    } catch (error) {
      if (attempt === 40) throw error;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
}

function testSettings(data: string, limits: Partial<ExecutionLimits>): Settings {
  return {
    api: { host: '127.0.0.1', port: 0, keys: [], maxBodyBytes: 4 * 1024 * 1024 },
    temporal: {
      namespace,
      taskQueue,
      retentionDays: 1,
      uiUrl: 'http://localhost:8233/',
      devServer: { port: 0, uiPort: 0 },
    },
    store: 'sqlite:perdure.db',
    bindings: {},
    events: 'memory:',
    locks: 'temporal:',
    discovery: { url: 'static:', services: {}, service: 'perdure', port: 0, ttlMs: 15_000 },
    inbox: { keepMs: 600_000 },
    deadLetters: defaults.deadLetters,
    bridge: { ...defaults.bridge, signalsPerSecond: 1_000 },
    lifecycle: [],
    data,
    outgoing: { allow: [], maxRedirects: 5, grpc: { tls: [] } },
    secrets: { environmentPrefix: 'PERDURE_SECRET_' },
    run: { ...defaults.run, docker: { volumes: [] } },
    limits: { ...defaultLimits, ...limits, maxAliases: 100 },
    worker: {
      maxConcurrentActivities: 10,
      maxConcurrentWorkflowTasks: 10,
      maxCachedWorkflows: 10,
      shutdownGraceMs: 1_000,
      port: 0,
    },
    log: { level: 'info', format: 'json' },
    deployExamples: false,
  };
}

/** A definition that greets, as YAML. */
export function greeting({ name = 'greet', version = '1.0.0', word = 'Hello' } = {}): string {
  return `document:
  dsl: '1.0.3'
  namespace: shop
  name: ${name}
  version: '${version}'
  title: Greets a customer
input:
  schema:
    format: json
    document:
      type: object
      required: [name]
      properties:
        name: { type: string }
do:
  - hello:
      set:
        greeting: ${word}
`;
}
