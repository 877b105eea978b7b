import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NamedServer, RunningServer, TestServer } from './server.ts';

/**
 * The server that the environment names, else one of our own in a folder that goes with it; undefined where it has to
 * be named and is not. Throws where it cannot be had here.
 */
export async function obtainServer(server: TestServer | NamedServer): Promise<RunningServer | undefined> {
  const url = process.env[server.variable];
  if (url !== undefined) return { url, stop: () => Promise.resolve() };
  if (!('start' in server)) return undefined;
  const folder = await mkdtemp(join(tmpdir(), `perdure-${server.name}-`));
  const remove = (): Promise<void> =>
    rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 500 });
  try {
    const running = await server.start(folder);
    return {
      ...running,
      async stop() {
        await running.stop();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}
