import { Etcd3, EtcdLeaseInvalidError } from 'etcd3';
import type { IOptions, Lease } from 'etcd3';
import { instanceText, parseInstance } from './instance-record.ts';
import { keepRegistered } from './keep-registered.ts';
import type { Listing } from './keep-registered.ts';
import { createOpened } from './opened.ts';
import type { Discovery, Instance, Registration, Report, Watch, Watcher } from './port.ts';
import {
  hostsText,
  invalid,
  parseRegistryUrl,
  placeOf,
  readTlsFiles,
  tlsParameters,
} from './registry-url.ts';
import type { RegistryUrl, TlsFiles } from './registry-url.ts';
import { watchByReading } from './watch-by-reading.ts';

const answerMs = 3_000;
/** Watches tell of changes; this is for those that broke without a word. */
const readEveryMs = 10_000;
const reconnectMs = 500;

/**
 * etcd 3: `etcd://user:password@host:2379,host2:2379/prefix`, `etcds:` over TLS. An instance is the key
 * `PREFIX/SERVICE/ID` with its host, port and metadata as JSON, on a lease of the time to live (in whole seconds, two at
 * least): etcd deletes the key when the lease ends. The prefix is `perdure/services` where the URL has none.
 */
export async function openEtcdDiscovery(url: string, report: Report): Promise<Discovery> {
  const parsed = parseRegistryUrl(url, { port: 2379, parameters: tlsParameters });
  const tls = await readTlsFiles(parsed, parsed.scheme === 'etcds');
  if (tls?.cert !== undefined && tls.ca === undefined) throw invalid('cert and key also need ca');
  const client = new Etcd3(clientOptions(parsed, tls));
  const prefix = parsed.path === '' ? 'perdure/services' : parsed.path;

  function listing({ service, instance, ttlMs }: Registration): Listing {
    const key = `${prefix}/${service}/${instance.id}`;
    const seconds = Math.max(2, Math.ceil(ttlMs / 1_000));
    let lease: Lease | undefined;
    const end = async (): Promise<void> => {
      const ending = lease;
      lease = undefined;
      await ending?.revoke({ deadline: Date.now() + answerMs });
    };
    return {
      async list() {
        const options = { autoKeepAlive: false, deadline: Date.now() + answerMs };
        const granted = client.lease(seconds, options);
        // Renewing tells by its own error.
        granted.on('lost', () => undefined);
        await granted.put(key).value(instanceText(instance));
        lease = granted;
      },
      async renew() {
        try {
          await lease?.keepaliveOnce({ deadline: Date.now() + answerMs });
          return lease !== undefined && (await client.get(key)) !== null;
        } catch (error) {
          if (error instanceof EtcdLeaseInvalidError) return false;
          throw error;
        }
      },
      withdraw: end,
      remove: end,
    };
  }

  function watch(service: string, watcher: Watcher): Watch {
    const folder = `${prefix}/${service}/`;
    const read = async (): Promise<readonly Instance[]> => {
      const found = await client.getAll().prefix(folder).strings();
      return Object.entries(found).flatMap(
        ([key, text]) => parseInstance(key.slice(folder.length), text) ?? [],
      );
    };
    const reading = watchByReading({ read, pauseMs: () => readEveryMs }, watcher);
    const again = (): void => reading.readAgain();
    const notices = client.watch().prefix(folder).watcher();
    notices.on('data', again).on('connected', again).on('disconnected', again).on('error', again);
    return {
      async stop() {
        await reading.stop();
        // It would wait for a server that is away.
        void notices.cancel().catch(() => undefined);
      },
    };
  }

  const opened = createOpened();
  const place = placeOf(parsed);
  return {
    place,
    register: (registration) =>
      opened.registered(keepRegistered(registration, listing(registration), { place, report })),
    watch: (service, watcher) => opened.watching(watch(service, watcher)),
    async close() {
      await opened.close();
      client.close();
    },
  };
}

/** How the client connects: with what the URL says, and patience of a few seconds. */
export function clientOptions(
  { hosts, username, password }: RegistryUrl,
  tls: TlsFiles | undefined,
): IOptions {
  const scheme = tls === undefined ? 'http' : 'https';
  const constant = { duration: reconnectMs, next: () => constant };
  return {
    hosts: hosts.map((host) => `${scheme}://${hostsText([host])}`),
    ...(username === undefined ? {} : { auth: { username, password: password ?? '' } }),
    ...(tls?.ca === undefined
      ? {}
      : { credentials: { rootCertificate: tls.ca, privateKey: tls.key, certChain: tls.cert } }),
    dialTimeout: answerMs,
    defaultCallOptions: ({ isStream }) => (isStream ? {} : { deadline: Date.now() + answerMs }),
    faultHandling: { watchBackoff: constant },
    grpcOptions: {
      'grpc.initial_reconnect_backoff_ms': reconnectMs,
      'grpc.max_reconnect_backoff_ms': 4 * reconnectMs,
      // A server that vanished is noticed; etcd allows a ping every five seconds.
      'grpc.keepalive_time_ms': 10_000,
      'grpc.keepalive_timeout_ms': answerMs,
    },
  };
}
