/**
 * Starts the service's roles, and runs the two commands that need workflow code. The only file that imports both the API
 * and the workers; each role loads only what it needs.
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Logger } from 'pino';
import type { Discovery } from './backends/discovery/port.ts';
import { createServices } from './backends/discovery/services.ts';
import type { Services } from './backends/discovery/services.ts';
import type { EventDelivery } from './backends/events/delivery.ts';
import { openEvents, staysInProcess } from './backends/events/open.ts';
import type { EventSystem } from './backends/events/open.ts';
import { EventSystemError } from './backends/events/port.ts';
import type { EventPublisher } from './backends/events/port.ts';
import { createEventRouting } from './backends/events/routing.ts';
import type { EventRouting } from './backends/events/routing.ts';
import { openLocks } from './backends/locks/open.ts';
import { LockSystemError, type Locks } from './backends/locks/port.ts';
import { createDefinitions } from './backends/store/definitions.ts';
import type { Definitions } from './backends/store/definitions.ts';
import { StoreError } from './backends/store/errors.ts';
import { openStoreWhenUp } from './backends/store/open-when-up.ts';
import type { Store } from './backends/store/port.ts';
import { bindAddress } from './config/bind-address.ts';
import { ConfigError } from './config/config-error.ts';
import { loadSettings } from './config/load-settings.ts';
import { recordedSettings } from './config/recorded-settings.ts';
import type { Settings } from './config/settings.ts';
import { listExamples } from './examples/list-examples.ts';
import { servicesPort } from './examples/services/server.ts';
import { createClosing } from './temporal/closing.ts';
import type { Closing } from './temporal/closing.ts';
import { createEventDelivery } from './temporal/event-delivery.ts';
import { createExecutions } from './temporal/executions.ts';
import { lockDataFolder, openDataFolder } from './temporal/data-folder.ts';
import { isPortFree } from './temporal/free-port.ts';
import { createTemporalSchedules } from './temporal/schedules.ts';
import type { TemporalSchedules } from './temporal/schedules.ts';
import { openTemporal } from './temporal/open-temporal.ts';
import type { OpenTemporal } from './temporal/open-temporal.ts';
import { reasonOf, StartError, UsageError } from './temporal/start-error.ts';
import { banner, places } from './workers/banner.ts';
import { countRegistrations } from './workers/discovery-metrics.ts';
import { createLogger, isForPeople } from './workers/logger.ts';
import type { Bridge } from './workers/bridge.ts';
import { createMetrics } from './workers/metrics.ts';
import type { Metrics } from './workers/metrics.ts';
import { discoveryReport, openRegistry } from './workers/open-registry.ts';
import { registerProcess } from './workers/registration.ts';
import { stopRequested } from './workers/signals.ts';
import type { RunningWorker } from './workers/start-worker.ts';

const root = import.meta.dirname;
const env = process.env;
const roles = ['all', 'api', 'worker', 'bridge'] as const;
type Role = (typeof roles)[number];

/** How long a database that starts beside the service may take, in milliseconds. */
const storeStartMs = 60_000;

/** Everything that a role stands on. */
interface Ground {
  readonly temporal: OpenTemporal;
  readonly settings: Settings;
  readonly store: Store;
  readonly definitions: Definitions;
  readonly delivery: EventDelivery;
  readonly routing: EventRouting;
  readonly schedules: TemporalSchedules;
  readonly locks: Locks;
  readonly discovery: Discovery;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly closing: Closing;
}

/** What a process runs. */
interface Parts {
  readonly hasApi: boolean;
  readonly worker: RunningWorker | undefined;
  readonly bridge: Bridge | undefined;
}

/** Runs one command line, without `node main.ts`. Resolves to the exit code: 2 for a wrong use, 1 for what failed. */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    const { positionals, values } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        role: { type: 'string', default: 'all' },
        out: { type: 'string' },
        namespace: { type: 'string' },
        query: { type: 'string' },
      },
    });
    const [command = 'start', ...rest] = positionals;
    if (command === 'start' && rest.length === 0) return await start(roleOf(values.role));
    if (command === 'replay') return await replay(rest, values);
    if (command === 'bundle' && values.out !== undefined) return await bundle(values.out);
    throw new UsageError(
      'Usage: perdure start [--role all|api|worker|bridge] | perdure replay DIR... | ' +
        'perdure replay --namespace NAME [--query QUERY] | perdure bundle --out FILE',
    );
  } catch (error) {
    return explain(error);
  }
}

async function start(role: Role): Promise<number> {
  const settings = loadSettings({ root, env });
  const logger = createLogger(settings.log);
  const closing = createClosing(logger);
  const stopped = stopRequested();
  try {
    const running = startRole(role, settings, logger, closing);
    // A stop during the start must not wait for downloads; what is open by then is closed.
    const failed = running.then((failures) => Promise.race(failures));
    await Promise.race([stopped.then((signal) => logger.info({ signal }, 'stopping')), failed]);
    return 0;
  } finally {
    await closing.close();
  }
}

/** Resolves once the role is ready, to promises that reject when a part of it fails for good. */
async function startRole(
  role: Role,
  configured: Settings,
  logger: Logger,
  closing: Closing,
): Promise<readonly Promise<never>[]> {
  const startedAt = performance.now();
  await openDataFolder(configured.data);
  const lock = role === 'all' ? await lockDataFolder(configured.data) : undefined;
  if (lock !== undefined) closing.add('data folder', () => lock.release());
  const hasApi = role === 'all' || role === 'api';
  const hasWorker = role === 'all' || role === 'worker';
  if (hasApi) await checkPort(configured.api.port);
  const sdk = !hasWorker ? undefined : await (await import('./workers/runtime.ts')).installRuntime(logger);
  const metrics = createMetrics(sdk?.metricsPort);
  const temporal = await openTemporal({
    settings: configured,
    mayStart: role === 'all',
    root,
    env,
    logger,
    closing,
  });
  const { settings } = temporal;
  const warn = (line: string): void => logger.warn(line);
  const store = await openStoreWhenUp(settings.store, settings.data, { waitMs: storeStartMs, warn });
  closing.add('store', () => store.close());
  const definitions = createDefinitions(store);
  const starts = { taskQueue: settings.temporal.taskQueue, ...recordedSettings(settings) };
  const { signalsPerSecond } = settings.bridge;
  const delivery = createEventDelivery(temporal.client, { ...starts, signalsPerSecond });
  const routing = createEventRouting({
    store,
    definitions,
    delivery,
    keepMs: settings.inbox.keepMs,
    deadLetters: settings.deadLetters,
    maxBytes: settings.limits.payloadBytes,
  });
  const schedules = createTemporalSchedules(temporal.client, starts);
  const locks = await openLockSystem(settings, temporal, logger);
  closing.add('locks', () => locks.close());
  const discovery = await openRegistry(settings.discovery, logger);
  closing.add('discovery', () => discovery.close());
  const ground: Ground = {
    temporal,
    settings,
    store,
    definitions,
    delivery,
    routing,
    schedules,
    locks,
    discovery,
    metrics,
    logger,
    closing,
  };

  const events = role === 'api' ? undefined : await openEventSystem(settings.events, logger);
  if (events !== undefined) closing.add('events', () => events.close());
  const worker =
    hasWorker && events !== undefined ? await startWorkerRole(ground, events.publisher) : undefined;
  // Events that stay in the process have to be consumed where they are published.
  const hasBridge = role !== 'worker' || staysInProcess(settings.events);
  const bridge = hasBridge && events !== undefined ? await openBridge(ground, events) : undefined;
  if (role === 'bridge' && staysInProcess(settings.events)) {
    logger.warn(
      'Events of memory: stay in the process that emits them, and none come to this bridge; set PERDURE_EVENTS',
    );
  }
  // Before the bridge, whose event system may be away for long: that shall be seen, and not end in a restart.
  const healthUrl = hasApi ? undefined : await startHealth(ground, role, worker, bridge);
  await bridge?.start();
  const apiUrl = hasApi ? await startApiRole(ground, bridge) : undefined;
  if (apiUrl !== undefined) await lock?.announce(apiUrl);
  register(ground, new URL(apiUrl ?? healthUrl ?? ''), { hasApi, worker, bridge });
  const facts = {
    apiUrl,
    healthUrl,
    temporalUiUrl: settings.temporal.uiUrl,
    namespace: settings.temporal.namespace,
    data: settings.data,
    seconds: (performance.now() - startedAt) / 1000,
  };
  if (isForPeople(settings.log)) process.stdout.write(banner(facts));
  else logger.info(places(facts), `ready in ${facts.seconds.toFixed(1)} s`);
  return [worker?.failed, bridge?.failed, temporal.failed].filter((failure) => failure !== undefined);
}

/** Opens the event system; what it says of its connections goes to the log. */
async function openEventSystem(url: string, logger: Logger): Promise<EventSystem> {
  const log = logger.child({ part: 'events' });
  try {
    return await openEvents(url, (message, error) => log.warn({ reason: error }, message));
  } catch (error) {
    throw error instanceof TypeError ? new StartError(error.message) : error;
  }
}

/** Opens the lock system; connects when somebody wants a lock. */
async function openLockSystem(settings: Settings, temporal: OpenTemporal, logger: Logger): Promise<Locks> {
  const log = logger.child({ part: 'locks' });
  const { taskQueue } = settings.temporal;
  try {
    return await openLocks(settings.locks, {
      temporal: { client: () => temporal.client, taskQueue: () => taskQueue },
      report: (message, error) => log.warn({ reason: error }, message),
    });
  } catch (error) {
    throw error instanceof TypeError ? new StartError(error.message) : error;
  }
}

/** Shows what this process does to others, for as long as it can do it; it leaves before anything else is closed. */
function register(
  { settings, discovery, store, delivery, metrics, logger, closing }: Ground,
  url: URL,
  { hasApi, worker, bridge }: Parts,
): void {
  const checkApi = async (): Promise<void> => {
    await Promise.all([store.ping(), delivery.ping()]);
  };
  const registered = registerProcess({
    settings,
    discovery,
    roles: [
      ...(hasApi ? [{ role: 'api', checkHealth: checkApi } as const] : []),
      ...(worker === undefined ? [] : [{ role: 'worker', checkHealth: () => worker.checkReady() } as const]),
      ...(bridge === undefined
        ? []
        : [{ role: 'bridge', checkHealth: async () => bridge.checkReady() } as const]),
    ],
    listening: { host: bindAddress(settings).host, port: Number(url.port) },
    warn: (line) => logger.warn({ part: 'discovery' }, line),
  });
  countRegistrations(metrics.registry, registered);
  closing.add('registration', async () => {
    await Promise.all([...registered.values()].map((one) => one.leave()));
  });
}

async function startWorkerRole(
  { temporal, settings, store, locks, discovery, metrics, logger, closing }: Ground,
  events: EventPublisher,
): Promise<RunningWorker> {
  const { runWorker } = await import('./workers/run-worker.ts');
  const { server } = temporal;
  const servicesUrl = `http://127.0.0.1:${servicesPort(env)}`;
  const log = logger.child({ role: 'worker' });
  const executions = createExecutions(() => temporal.client);
  const services: Services = createServices({ discovery, report: discoveryReport(log) });
  closing.add('services', () => services.close());
  const { registry } = metrics;
  const parts = {
    settings,
    server,
    store,
    events,
    locks,
    executions,
    services,
    registry,
    root,
    env,
    servicesUrl,
  };
  return await runWorker({ ...parts, logger: log, closing });
}

async function openBridge(
  { settings, store, delivery, routing, metrics, logger, closing }: Ground,
  { consumer }: EventSystem,
): Promise<Bridge> {
  const { createBridge } = await import('./workers/bridge.ts');
  const log = logger.child({ role: 'bridge' });
  const { registry } = metrics;
  const bridge = createBridge({ consumer, routing, store, delivery, settings, registry, logger: log });
  closing.add('bridge', () => bridge.stop());
  return bridge;
}

/** Health and metrics of a process that has no API. */
async function startHealth(
  { settings, store, delivery, metrics, logger, closing }: Ground,
  role: Role,
  worker: RunningWorker | undefined,
  bridge: Bridge | undefined,
): Promise<string> {
  const { startHealthServer } = await import('./workers/health.ts');
  const { host } = bindAddress(settings);
  const health = await startHealthServer({
    host,
    ...(role === 'bridge'
      ? { port: settings.bridge.port, variable: 'PERDURE_BRIDGE_PORT' }
      : { port: settings.worker.port, variable: 'PERDURE_WORKER_PORT' }),
    metrics,
    checks: {
      store: () => store.ping(),
      ...(worker === undefined ? { temporal: () => delivery.ping() } : { worker: () => worker.checkReady() }),
      ...(bridge === undefined ? {} : { events: () => bridge.checkReady() }),
    },
    state: bridge && (() => ({ events: bridge.state() })),
    logger,
  });
  closing.add('health', () => health.close());
  return health.url;
}

async function startApiRole(
  { temporal, settings, store, definitions, routing, schedules, locks, metrics, logger, closing }: Ground,
  bridge: Bridge | undefined,
): Promise<string> {
  const { createResourceSource } = await import('./api/resource-source.ts');
  const { startApi } = await import('./api/start-api.ts');
  const { deployExamples } = await import('./api/deploy-examples.ts');
  const { createHttpSender } = await import('./network/http-sender.ts');
  const log = logger.child({ role: 'api' });
  const http = createHttpSender(settings.outgoing);
  closing.add('outgoing connections of the API', () => http.close());
  const resources = createResourceSource(http, root);
  if (settings.deployExamples) {
    const warn = (line: string): void => log.warn(line);
    const examples = await listExamples(root).catch((error: unknown) => {
      warn(`The examples cannot be read: ${reasonOf(error)}`);
      return [];
    });
    const starters = { routing, schedules, definitions };
    await deployExamples(definitions, starters, resources, examples, warn);
  }
  const { client, connection } = temporal;
  const api = await startApi({
    settings,
    client,
    connection,
    store,
    definitions,
    routing,
    schedules,
    locks,
    resources,
    logger: log,
    metrics,
    checks: bridge === undefined ? {} : { events: () => bridge.checkReady() },
    root,
  });
  closing.add('API', () => api.close());
  return api.url;
}

async function replay(
  folders: readonly string[],
  options: { readonly namespace?: string; readonly query?: string },
): Promise<number> {
  const { replayCommand, replaySource } = await import('./workers/replay-command.ts');
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  const source = replaySource(folders, options);
  return await replayCommand({ source, settings: loadSettings({ root, env }), root, env, print });
}

async function bundle(out: string): Promise<number> {
  const { bundleWorkflows, writeWhole } = await import('./workers/bundle.ts');
  await writeWhole(resolve(out), await bundleWorkflows(root));
  return 0;
}

function roleOf(text: string): Role {
  const role = roles.find((known) => known === text);
  if (role === undefined) throw new UsageError(`--role must be one of ${roles.join(', ')}, found "${text}"`);
  return role;
}

async function checkPort(port: number): Promise<void> {
  if (port === 0 || (await isPortFree(port))) return;
  throw new StartError(
    `Port ${port}, which the API needs, is in use, probably by another Perdure. ` +
      'Stop what holds it, or set PORT to another port (0 picks a free one).',
  );
}

/** Prints what went wrong: a message where a person can act on it, the stack where it is a fault of Perdure's own. */
function explain(error: unknown): number {
  const usage = error instanceof UsageError || isArgumentError(error);
  const known = [StartError, ConfigError, StoreError, EventSystemError, LockSystemError].some(
    (kind) => error instanceof kind,
  );
  const stack = error instanceof Error ? error.stack : undefined;
  process.stderr.write(`perdure: ${usage || known ? reasonOf(error) : (stack ?? reasonOf(error))}\n`);
  return usage ? 2 : 1;
}

function isArgumentError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}

if (import.meta.main) process.exit(await main(process.argv.slice(2)));
