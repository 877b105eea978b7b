/** Lets the tests of one process kill and start a server that another process runs, over HTTP on the loopback. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RunningServer, ServerControl } from './server.ts';

/** The variable of the environment that tells tests where the control of their server listens. */
const variable = 'PERDURE_TEST_SERVER_CONTROL';

/** Listens until `close`; `env` is for the process of the tests, empty where the server was not started here. */
export async function serveControl({ kill, start }: RunningServer): Promise<{
  readonly env: NodeJS.ProcessEnv;
  readonly close: () => Promise<void>;
}> {
  if (kill === undefined || start === undefined) return { env: {}, close: () => Promise.resolve() };
  const actions: Readonly<Record<string, () => Promise<void>>> = { '/kill': kill, '/start': start };
  const server = createServer((request, response) => {
    const action = actions[request.url ?? ''] ?? (() => Promise.reject(new Error('unknown')));
    action().then(
      () => response.end(),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    env: { [variable]: `http://127.0.0.1:${port}` },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The control of the server that this process tests; undefined where that was named, and is not ours to kill. */
export function serverControl(): ServerControl | undefined {
  const url = process.env[variable];
  if (url === undefined) return undefined;
  const ask = async (action: string): Promise<void> => {
    const response = await fetch(`${url}/${action}`, { method: 'POST' });
    if (!response.ok) throw new Error(`The server cannot be told to ${action}: ${await response.text()}`);
  };
  return { kill: () => ask('kill'), start: () => ask('start') };
}
