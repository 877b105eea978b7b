/** For tests: a resource that is guarded by the tokens of a lock, in the way that docs/locks.md shows. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A write that was asked for. */
export interface Write {
  readonly holder: string;
  readonly token: string;
  readonly isAccepted: boolean;
}

export interface FencedResource {
  readonly url: string;
  readonly writes: readonly Write[];
  write(holder: string, token: string): boolean;
  close(): Promise<void>;
}

/** Takes `POST /?holder=…&token=…`: 200, or 409 where a greater token was there before. */
export async function startFencedResource(): Promise<FencedResource> {
  const writes: Write[] = [];
  let greatest = 0n;

  function write(holder: string, token: string): boolean {
    const isAccepted = BigInt(token) >= greatest;
    if (isAccepted) greatest = BigInt(token);
    writes.push({ holder, token, isAccepted });
    return isAccepted;
  }

  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '', 'http://resource');
    const isAccepted = write(searchParams.get('holder') ?? '', searchParams.get('token') ?? '');
    response.writeHead(isAccepted ? 200 : 409).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    writes,
    write,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
