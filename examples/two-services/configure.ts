/** What the configurations of the two services ask the environment for, on the systems that the options name. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { freshPlace } from '../../test/stores/fresh-place.ts';
import type { DemoOptions, ServiceName } from './options.ts';
import type { Choice, Servers } from './systems.ts';

export interface Ground {
  readonly options: DemoOptions;
  readonly servers: Servers;
  /** Where local state may be kept, absolute. */
  readonly folder: string;
  /** Of the two APIs. */
  readonly ports: Readonly<Record<ServiceName, number>>;
  /** Address of the Temporal server. */
  readonly temporal: string;
}

const other = { orders: 'shipping', shipping: 'orders' } as const;

/** Makes folders and databases where none have been, and gives the environment of both services. */
export async function configure(ground: Ground): Promise<NodeJS.ProcessEnv> {
  const { options, temporal } = ground;
  return {
    TEMPORAL_ADDRESS: temporal,
    SHARED_LOCKS: ground.servers.urlOf(options.locks) ?? 'temporal:',
    SHARED_DISCOVERY:
      ground.servers.urlOf(options.discovery) ?? `static:shipping-api=127.0.0.1:${ground.ports.shipping}`,
    ...(await own(ground, 'orders', options.storeA)),
    ...(await own(ground, 'shipping', options.storeB)),
  };
}

async function own(ground: Ground, name: ServiceName, store: Choice): Promise<NodeJS.ProcessEnv> {
  const { servers, folder } = ground;
  const data = join(folder, name);
  await mkdir(data);
  const server = servers.urlOf(store) ?? 'sqlite:';
  const [ofService, ofShop] = [await freshPlace(server, data), await freshPlace(server, data)];
  const prefix = name.toUpperCase();
  return {
    [`${prefix}_DATA`]: data,
    [`${prefix}_STORE`]: ofService.url,
    [`${prefix}_DATABASE`]: ofShop.url,
    [`${prefix}_EVENTS`]: eventsUrl(ground, name),
  };
}

/** Each service is a group of its own and gets every event. Without a broker its events go to the other's API. */
function eventsUrl({ options, servers, ports }: Ground, name: ServiceName): string {
  const broker = servers.urlOf(options.queue);
  if (broker === undefined) return `http://127.0.0.1:${ports[other[name]]}/v1/events`;
  return `${broker}${broker.includes('?') ? '&' : '?'}group=${name}`;
}
