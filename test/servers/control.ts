/** How a test ends and restarts the server that it runs against, which another process has started. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RunningProgram } from './server.ts';

const variable = 'PERDURE_TEST_SERVER_CONTROL';

export interface OfferedControl {
  /** For the environment of the tests. */
  readonly env: Readonly<Record<string, string>>;
  close(): void;
}

/** Offers to kill and start a server, on the loopback. */
export async function offerControl(program: RunningProgram): Promise<OfferedControl> {
  const server = createServer((request, response) => {
    const work = request.url === '/kill' ? program.kill() : program.start();
    work.then(
      () => response.end(),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return { env: { [variable]: `http://127.0.0.1:${port}` }, close: () => server.close() };
}

/** Ends and starts the server under test. Undefined where somebody else's server is used, which is left alone. */
export function serverControl(): Pick<RunningProgram, 'kill' | 'start'> | undefined {
  const url = process.env[variable];
  if (url === undefined) return undefined;
  const order = async (what: string): Promise<void> => {
    const answer = await fetch(`${url}/${what}`, { method: 'POST' });
    if (!answer.ok) throw new Error(`the server under test: ${await answer.text()}`);
  };
  return { kill: () => order('kill'), start: () => order('start') };
}
