import { setTimeout as sleep } from 'node:timers/promises';
import { lastWords, logFile, spawnDevServer } from './dev-server-process.ts';
import type { DevServerProcess, ProcessOptions } from './dev-server-process.ts';
import { databaseFile, isRunning, readRecord, removeRecord, writeRecord } from './dev-server-record.ts';
import { findFreePort, isPortFree } from './free-port.ts';
import { reasonOf, StartError } from './start-error.ts';
import { waitForServer } from './wait-for-server.ts';

export interface DevServerOptions {
  /** Path of the Temporal CLI. */
  readonly executable: string;
  /** Folder of local state, absolute, that exists and that this process may write to. */
  readonly data: string;
  /** Ports on the loopback address; 0 picks a free one. */
  readonly port: number;
  readonly uiPort: number;
  /** Gets one line for a person when the server died and is started again. */
  readonly warn: (line: string) => void;
}

/** A Temporal dev server of our own. */
export interface DevServer {
  readonly address: string;
  readonly uiUrl: string;
  /** Rejects when the server died and could not be started again; otherwise stays pending. */
  readonly failed: Promise<never>;
  /** Ends the server; its executions stay in the data folder. */
  stop(): Promise<void>;
}

const startTimeoutMs = 30_000;
const restartDelaysMs = [250, 1_000, 2_000, 4_000, 8_000];
/** A server that lived this long earns its restarts anew. */
const stableMs = 60_000;

/**
 * Starts Temporal's dev server on the SQLite file in the data folder and waits until it answers. If it dies it is
 * started again on the same ports, a few times: its file survives. A server that a killed Perdure left on the same
 * folder is ended first. Fails with a {@link StartError}: a port in use, a database that does not open.
 */
export async function startDevServer(options: DevServerOptions): Promise<DevServer> {
  await endLeftOver(options.data);
  const port = await choosePort(options.port, portTaken);
  const uiPort = await choosePort(options.uiPort, uiPortTaken);
  const launch: ProcessOptions = { executable: options.executable, data: options.data, port, uiPort };
  let server = await startOnce(launch);
  let stopping = false;

  const keepAlive = async (): Promise<never> => {
    let startedAt = Date.now();
    for (let attempt = 0; ; attempt++) {
      await server.exited;
      // Stopped on purpose: nothing to say, ever.
      if (stopping) return await new Promise(() => undefined);
      if (Date.now() - startedAt > stableMs) attempt = 0;
      const delay = restartDelaysMs[attempt];
      if (delay === undefined) throw new StartError(died(options.data, await lastWords(options.data)));
      options.warn(`The Temporal dev server died; starting it again (its log: ${logFile(options.data)})`);
      await sleep(delay);
      if (stopping) continue;
      startedAt = Date.now();
      server = await startOnce(launch).catch((error: unknown) => {
        options.warn(reasonOf(error));
        return { ...server, exited: Promise.resolve() };
      });
      if (stopping) await server.stop();
    }
  };
  const failed = keepAlive();
  // Whoever does not listen yet must not be ended by an unhandled rejection.
  failed.catch(() => undefined);

  return {
    address: `127.0.0.1:${port}`,
    uiUrl: `http://127.0.0.1:${uiPort}`,
    failed,
    stop: async () => {
      stopping = true;
      if (!server.hasExited()) await server.stop();
      await removeRecord(options.data);
    },
  };
}

async function startOnce(launch: ProcessOptions): Promise<DevServerProcess> {
  const address = `127.0.0.1:${launch.port}`;
  const server = await spawnDevServer(launch).catch((error: unknown) => {
    throw new StartError(`The Temporal CLI ${launch.executable} cannot be started: ${reasonOf(error)}`);
  });
  await writeRecord(launch.data, {
    pid: server.pid,
    address,
    uiUrl: `http://127.0.0.1:${launch.uiPort}`,
  });
  const problem = await waitForServer(address, startTimeoutMs, () => server.hasExited());
  if (problem === undefined) return server;
  const words = server.hasExited() ? await lastWords(launch.data) : `it does not answer: ${problem}`;
  if (!server.hasExited()) await server.stop();
  await removeRecord(launch.data);
  throw new StartError(whyNotStarted(words, launch));
}

async function choosePort(port: number, taken: (port: number) => string): Promise<number> {
  if (port === 0) return await findFreePort();
  if (await isPortFree(port)) return port;
  throw new StartError(taken(port));
}

function portTaken(port: number): string {
  return (
    `Port ${port}, which the Temporal dev server needs, is in use on 127.0.0.1, probably by another Perdure or ` +
    'Temporal. Stop it, or set PERDURE_TEMPORAL_PORT to another port (0 picks a free one), ' +
    `or set TEMPORAL_ADDRESS=127.0.0.1:${port} to use the Temporal that runs there.`
  );
}

function uiPortTaken(port: number): string {
  return (
    `Port ${port}, which the Temporal Web UI needs, is in use on 127.0.0.1, probably by another Perdure or ` +
    'Temporal. Stop it, or set PERDURE_TEMPORAL_UI_PORT to another port (0 picks a free one).'
  );
}

function whyNotStarted(words: string, { data, port, uiPort }: ProcessOptions): string {
  if (words.includes('address already in use')) {
    return words.includes(`:${uiPort}:`) ? uiPortTaken(uiPort) : portTaken(port);
  }
  if (/not a database|malformed|sqlite|schema/i.test(words)) {
    return (
      `The Temporal dev server cannot open its database ${databaseFile(data)}: ${words}\n` +
      'Put a backup of the file in its place, or move it away: then it starts empty, without the executions so far.'
    );
  }
  return `The Temporal dev server did not start: ${words}\nIts log is ${logFile(data)}.`;
}

function died(data: string, words: string): string {
  return `The Temporal dev server died ${restartDelaysMs.length} times in a row; the last it said was: ${words}\nIts log is ${logFile(data)}.`;
}

async function endLeftOver(data: string): Promise<void> {
  const record = await readRecord(data);
  if (record === undefined) return;
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    if (!(await isRunning(data, record))) break;
    try {
      process.kill(record.pid, signal);
    } catch {
      // It ended by itself just now.
    }
    for (let waited = 0; waited < 10_000 && (await isRunning(data, record)); waited += 100) await sleep(100);
  }
  await removeRecord(data);
}
