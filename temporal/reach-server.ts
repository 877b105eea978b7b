import type { Settings } from '../config/settings.ts';
import { serverAddress } from './connect.ts';
import type { ServerAddress } from './connect.ts';
import { startDevServer } from './dev-server.ts';
import type { DevServerOptions } from './dev-server.ts';
import { isRunning, readRecord } from './dev-server-record.ts';
import { findTemporalCli } from './find-cli.ts';
import type { InstallOptions } from './install-cli.ts';
import { StartError } from './start-error.ts';

/** The Temporal server of this process, its own or another's. */
export interface ReachedServer {
  readonly server: ServerAddress;
  /** The Web UI, where one is known. */
  readonly uiUrl?: string;
  /** Rejects when a dev server of our own is gone for good; absent for a server that others run. */
  readonly failed?: Promise<never>;
  /** Ends a dev server of our own; leaves any other alone. */
  stop(): Promise<void>;
}

const leaveAlone = async (): Promise<void> => undefined;

/** The configured server, TEMPORAL_ADDRESS; else a dev server that this process starts, and owns from then on. */
export async function reachOrStartServer(
  settings: Settings,
  options: InstallOptions & Pick<DevServerOptions, 'warn'>,
): Promise<ReachedServer> {
  const configured = await configuredServer(settings);
  if (configured !== undefined) return configured;
  const { port, uiPort } = settings.temporal.devServer;
  const executable = await findTemporalCli(options);
  const devServer = await startDevServer({
    executable,
    data: settings.data,
    port,
    uiPort,
    warn: options.warn,
  });
  return {
    server: { address: devServer.address, tls: false },
    uiUrl: settings.temporal.uiUrl ?? devServer.uiUrl,
    failed: devServer.failed,
    stop: () => devServer.stop(),
  };
}

/**
 * The configured server, else the dev server that another process runs on the same data folder. Fails with a
 * {@link StartError} when there is neither: a process that runs only one role would end the server for the others.
 */
export async function reachServer(settings: Settings): Promise<ReachedServer> {
  const configured = await configuredServer(settings);
  if (configured !== undefined) return configured;
  const record = await readRecord(settings.data);
  if (record === undefined || !(await isRunning(settings.data, record))) {
    throw new StartError(
      'There is no Temporal server: TEMPORAL_ADDRESS is not set, and no Perdure runs one on the data folder ' +
        `${settings.data}. Set TEMPORAL_ADDRESS, or start Perdure with --role all first.`,
    );
  }
  return {
    server: { address: record.address, tls: false },
    uiUrl: settings.temporal.uiUrl ?? record.uiUrl,
    stop: leaveAlone,
  };
}

async function configuredServer({ temporal }: Settings): Promise<ReachedServer | undefined> {
  if (temporal.address === undefined) return undefined;
  const server = await serverAddress(temporal.address, temporal);
  return { server, uiUrl: temporal.uiUrl, stop: leaveAlone };
}
