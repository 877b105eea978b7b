import { Client } from '@temporalio/client';
import type { Connection } from '@temporalio/client';
import type { Logger } from 'pino';
import type { Settings } from '../config/settings.ts';
import type { Closing } from './closing.ts';
import { connectClient } from './connect.ts';
import type { ServerAddress } from './connect.ts';
import { ensureNamespace } from './namespace.ts';
import { reachOrStartServer, reachServer } from './reach-server.ts';

export interface TemporalSources {
  readonly settings: Settings;
  /** True for a process that may start a dev server of its own: others would lose it when that process ends. */
  readonly mayStart: boolean;
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  readonly logger: Logger;
  readonly closing: Closing;
}

/** A Temporal server with Perdure's namespace ready for use. */
export interface OpenTemporal {
  readonly server: ServerAddress;
  readonly connection: Connection;
  readonly client: Client;
  /** The settings with what is known only now: the server's address and its Web UI. */
  readonly settings: Settings;
  /** Rejects when a dev server of our own is gone for good. */
  readonly failed?: Promise<never>;
}

/**
 * Finds or starts the server, connects, and makes the namespace ready; `closing` learns how to undo it. Fails with a
 * {@link StartError} that says what to do.
 */
export async function openTemporal(sources: TemporalSources): Promise<OpenTemporal> {
  const { settings, mayStart, root, env, logger, closing } = sources;
  const progress = (line: string): void => logger.info(line);
  const warn = (line: string): void => logger.warn(line);
  const reached = mayStart
    ? await reachOrStartServer(settings, { root, env, progress, warn })
    : await reachServer(settings);
  closing.add('Temporal dev server', () => reached.stop());
  const { server, uiUrl, failed } = reached;
  if (settings.temporal.address !== undefined) progress(`Connecting to Temporal at ${server.address}`);
  const connection = await connectClient(server);
  closing.add('connection', () => connection.close());
  await ensureNamespace(connection, settings.temporal, warn);
  const { namespace } = settings.temporal;
  return {
    server,
    connection,
    client: new Client({ connection, namespace }),
    settings: { ...settings, temporal: { ...settings.temporal, address: server.address, uiUrl } },
    failed,
  };
}
