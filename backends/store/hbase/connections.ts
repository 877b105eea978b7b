import { type Address, Connection } from './connection.ts';
import type { ServiceName } from './methods.ts';

/** The connections of one store: one for each server and service, opened when they are first needed. */
export class Connections {
  private readonly user: string;
  private readonly open = new Map<string, Connection>();

  constructor(user: string) {
    this.user = user;
  }

  /** A connection that is open, or was just begun. */
  to(address: Address, service: ServiceName): Connection {
    const name = `${service} ${address.host}:${address.port}`;
    const known = this.open.get(name);
    if (known?.isOpen) return known;
    // Servers come and go: what is closed is not kept.
    for (const [other, { isOpen }] of this.open) if (!isOpen) this.open.delete(other);
    const connection = new Connection(address, service, this.user);
    this.open.set(name, connection);
    return connection;
  }

  close(): void {
    for (const connection of this.open.values()) connection.end('the store is closed');
    this.open.clear();
  }
}
