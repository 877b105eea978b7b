import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

/** A server that speaks no protocol well and counts who connects. */
export interface Canary {
  readonly port: number;
  connections(): number;
  close(): Promise<void>;
}

/** Listens on `address`, by default on every address of this machine, IPv4 and IPv6. */
export async function startCanary(address = '::', port = 0): Promise<Canary> {
  let count = 0;
  const server = createServer((socket) => {
    count += 1;
    socket.on('error', () => socket.destroy());
    // Whoever speaks HTTP is content with this, and all others give up.
    socket.once('data', () =>
      socket.end('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}'),
    );
    socket.setTimeout(500, () => socket.destroy());
  });
  server.listen(port, address);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => count,
    close: async () => {
      server.close();
      await once(server, 'close');
    },
  };
}
