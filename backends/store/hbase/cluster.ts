/** The servers of an HBase cluster, found through any of those that the URL names: all of them have the registry. */
import { CallError } from './call-error.ts';
import type { Address } from './connection.ts';
import type { Connections } from './connections.ts';
import type { Nothing, ServerName } from './messages.ts';
import { getActiveMaster, getMetaRegionLocations, type Method } from './methods.ts';
import type { Patience } from './patience.ts';

export class Cluster {
  /** The one that answered last is the first. */
  private known: readonly Address[];
  private readonly connections: Connections;

  constructor(known: readonly Address[], connections: Connections) {
    this.known = known;
    this.connections = connections;
  }

  /** The server that has `hbase:meta`. */
  async metaServer(patience: Patience): Promise<Address> {
    const { metaLocations } = await this.ask(getMetaRegionLocations, patience);
    const [first] = metaLocations;
    return serverOf(first?.serverName, 'No server has hbase:meta');
  }

  /** The master that takes calls. */
  async activeMaster(patience: Patience): Promise<Address> {
    const { serverName } = await this.ask(getActiveMaster, patience);
    return serverOf(serverName, 'No master is active');
  }

  /** Asks one server after the other until one answers; fails as the last one did. */
  private async ask<Response>(method: Method<Nothing, Response>, patience: Patience): Promise<Response> {
    let failure: CallError | undefined;
    for (const address of this.known) {
      try {
        const connection = this.connections.to(address, method.service);
        const answer = await connection.call(method, {}, patience.callMs());
        this.known = [address, ...this.known.filter((other) => other !== address)];
        return answer;
      } catch (error) {
        if (!(error instanceof CallError)) throw error;
        failure = error;
      }
    }
    throw failure ?? new Error('no server is named');
  }
}

function serverOf(name: ServerName | null | undefined, otherwise: string): Address {
  // The servers that answer may have begun before the one that is asked for.
  if (!name) {
    throw new CallError(otherwise, { retry: true, mayHaveRun: false, exception: 'PleaseHoldException' });
  }
  return { host: name.hostName, port: name.port };
}
