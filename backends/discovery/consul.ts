import { openConsulClient } from './consul-client.ts';
import type { ConsulRequest } from './consul-client.ts';
import { textsOf, usable } from './instance-record.ts';
import { keepRegistered } from './keep-registered.ts';
import type { Listing } from './keep-registered.ts';
import { createOpened } from './opened.ts';
import type { Discovery, Instance, Registration, Report } from './port.ts';
import { invalid, parseRegistryUrl, placeOf, readTlsFiles, tlsParameters } from './registry-url.ts';
import { watchByReading } from './watch-by-reading.ts';

/** How long one answer may take that is not waited for, in milliseconds. */
const answerMs = 3_000;
/** How long Consul holds a question back until something changes; it adds up to a sixteenth. */
const holdMs = 30_000;

/**
 * Consul by its HTTP API: `consul://:TOKEN@127.0.0.1:8500?dc=NAME`, `consuls:` over TLS. An instance is a service of the
 * agent that the URL names, with a check that wants a sign of life within the time to live: an instance that gives none
 * turns critical, which nobody is shown, and Consul removes it after a minute. Whatever else is registered in Consul can
 * be called as well.
 */
export async function openConsulDiscovery(url: string, report: Report): Promise<Discovery> {
  const parsed = parseRegistryUrl(url, { port: 8500, parameters: ['dc', ...tlsParameters] });
  const { scheme, hosts, parameters } = parsed;
  if (hosts.length > 1) throw invalid(`${scheme}: names one agent, which knows the servers`);
  if (parsed.path !== '') throw invalid(`${scheme}: has no path`);
  const tls = await readTlsFiles(parsed, scheme === 'consuls');
  const consul = openConsulClient(parsed, tls, answerMs);
  const dc = parameters.get('dc');

  const put = async (path: string, body?: object, query?: ConsulRequest['query']): Promise<void> => {
    const { status, text } = await consul.ask('PUT', path, { body, query });
    if (status !== 200) throw refused(status, text);
  };

  function listing({ service, instance, ttlMs }: Registration): Listing {
    const id = `${service}-${instance.id}`;
    const check = encodeURIComponent(`service:${id}`);
    return {
      list: () =>
        put(
          '/v1/agent/service/register',
          {
            ID: id,
            Name: service,
            Address: instance.host,
            Port: instance.port,
            Meta: instance.metadata,
            Check: { TTL: `${ttlMs}ms`, Status: 'passing', DeregisterCriticalServiceAfter: '1m' },
          },
          { 'replace-existing-checks': 'true' },
        ),
      async renew() {
        const { status, text } = await consul.ask('PUT', `/v1/agent/check/pass/${check}`);
        // What it says of a check that it does not have.
        if (status === 404 || status === 500) return false;
        if (status !== 200) throw refused(status, text);
        return true;
      },
      withdraw: () => put(`/v1/agent/check/fail/${check}`),
      async remove() {
        const { status, text } = await consul.ask(
          'PUT',
          `/v1/agent/service/deregister/${encodeURIComponent(id)}`,
        );
        // It is gone already.
        if (status !== 200 && status !== 404) throw refused(status, text);
      },
    };
  }

  function reader(service: string): (signal: AbortSignal) => Promise<readonly Instance[]> {
    let index = '';
    const query: ConsulRequest['query'] = { passing: 'true', ...(dc === undefined ? {} : { dc }) };
    return async (signal) => {
      // After an outage the first answer comes at once.
      const held: ConsulRequest['query'] = index === '' ? {} : { index, wait: `${holdMs}ms` };
      index = '';
      const answer = await consul.ask('GET', `/v1/health/service/${encodeURIComponent(service)}`, {
        query: { ...query, ...held },
        timeoutMs: holdMs + holdMs / 16 + answerMs,
        signal,
      });
      if (answer.status !== 200) throw refused(answer.status, answer.text);
      index = answer.index;
      return instancesOf(answer.text);
    };
  }

  const opened = createOpened();
  const place = placeOf(parsed);
  return {
    place,
    register: (registration) =>
      opened.registered(keepRegistered(registration, listing(registration), { place, report })),
    watch: (service, watcher) =>
      opened.watching(watchByReading({ read: reader(service), pauseMs: () => 0 }, watcher)),
    async close() {
      await opened.close();
      await consul.close();
    },
  };
}

function refused(status: number, text: string): Error {
  return new Error(`Consul answered ${status}: ${text.trim().slice(0, 200)}`);
}

interface Entry {
  readonly Node: { readonly Address: string };
  readonly Service: {
    readonly ID: string;
    readonly Address: string;
    readonly Port: number;
    readonly Meta: unknown;
  };
}

function instancesOf(text: string): readonly Instance[] {
  const entries = JSON.parse(text) as readonly Entry[];
  return entries.flatMap(({ Node, Service }) => {
    const { ID: id, Address, Port: port } = Service;
    // A service without an address is at its node's.
    const host = Address === '' ? Node.Address : Address;
    return usable({ id, host, port, metadata: textsOf(Service.Meta) }) ?? [];
  });
}
