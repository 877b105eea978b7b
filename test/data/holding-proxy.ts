import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';

/** A way to a server whose answers can be held back: whoever asks then never learns what it did. */
export interface HoldingProxy {
  readonly port: number;
  /** From the next request on that holds all of these texts, no answer passes on the connections of that moment. */
  holdAt(...texts: string[]): void;
  /** How often a request was held. */
  held(): number;
  close(): Promise<void>;
}

export async function startHoldingProxy(host: string, port: number): Promise<HoldingProxy> {
  const pairs = new Map<Socket, Socket>();
  let wanted: readonly string[] | undefined;
  let count = 0;
  const hold = (): void => {
    wanted = undefined;
    count += 1;
    for (const upstream of pairs.values()) upstream.removeAllListeners('data').resume();
  };
  const server = createServer((client) => {
    const upstream = connect({ host, port });
    pairs.set(client, upstream);
    client.on('data', (chunk) => {
      if (wanted?.every((text) => chunk.includes(text)) === true) hold();
      upstream.write(chunk);
    });
    upstream.on('data', (chunk) => client.write(chunk));
    for (const [socket, peer] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      socket.on('error', () => undefined);
      socket.on('close', () => {
        peer.destroy();
        pairs.delete(client);
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port');
  return {
    port: address.port,
    holdAt: (...texts) => {
      wanted = texts;
    },
    held: () => count,
    async close() {
      for (const client of pairs.keys()) client.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
