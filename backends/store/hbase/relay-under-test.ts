/** A way to HBase on which connections break, for tests: often when a call was carried out and its answer is on its way. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { Address, Connection } from './connection.ts';
import { Connections } from './connections.ts';
import type { ServiceName } from './methods.ts';

export interface Relay {
  readonly address: Address;
  /** How many connections it broke. */
  broken(): number;
  close(): void;
}

/** Stands before a server and breaks a connection in the place of each `nth` packet to it and of each `nth` from it. */
export async function openRelay(to: Address, nth: number): Promise<Relay> {
  let packets = 0;
  let broken = 0;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const target = connect(to);
    const close = (): void => {
      client.destroy();
      target.destroy();
    };
    const pass = (from: Socket, other: Socket): void => {
      sockets.add(from);
      from.on('error', close);
      from.on('close', close);
      from.on('data', (chunk) => {
        packets += 1;
        if (packets % nth !== 0) return void other.write(chunk);
        broken += 1;
        close();
      });
    };
    pass(client, target);
    pass(target, client);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    address: { host: '127.0.0.1', port },
    broken: () => broken,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Connections that go through a relay where there is one for the server. */
export class RelayedConnections extends Connections {
  private readonly relays: ReadonlyMap<string, Relay>;

  constructor(relays: ReadonlyMap<string, Relay>) {
    super('perdure');
    this.relays = relays;
  }

  override to(address: Address, service: ServiceName): Connection {
    const relay = this.relays.get(`${address.host}:${address.port}`);
    return super.to(relay?.address ?? address, service);
  }
}
