import { createServer } from 'node:net';

/** True when `port` can be bound on the loopback address now. */
export async function isPortFree(port: number): Promise<boolean> {
  return (await tryBind(port)) !== undefined;
}

/** A port on the loopback address that nobody holds now. */
export async function findFreePort(): Promise<number> {
  const port = await tryBind(0);
  if (port === undefined) throw new Error('no port is free on 127.0.0.1');
  return port;
}

async function tryBind(port: number): Promise<number | undefined> {
  return await new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? address?.port : undefined));
    });
  });
}
