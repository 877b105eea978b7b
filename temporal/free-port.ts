import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below the range from which systems take the ports of outgoing connections: none of those gets there first. */
const range = [20_000, 32_768] as const;
const attempts = 20;

/** True when `port` can be bound on the loopback address now. */
export async function isPortFree(port: number): Promise<boolean> {
  return (await tryBind(port)) !== undefined;
}

/** A port on the loopback address that nobody holds now. Two processes that ask at once hardly get the same. */
export async function findFreePort(): Promise<number> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const port = await tryBind(randomInt(...range));
    if (port !== undefined) return port;
  }
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
