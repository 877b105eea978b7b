import type { Discovery, Instance, Report, Watch } from './port.ts';

/** Thrown where nothing is known of a service, because its registry does not answer. */
export class DiscoveryError extends Error {
  override readonly name = 'DiscoveryError';
}

/** What this process knows of one service that it calls. */
export interface KnownService {
  readonly service: string;
  readonly instances: number;
  /** Whether the registry does not answer, and this is what it said last. */
  readonly isStale: boolean;
}

/** The instances of the services that this process calls, watched from the first call on. */
export interface Services {
  /**
   * The healthy instances as they are known, the same array while nothing changed; for the first call of a service it
   * waits for the registry's answer. Rejects with a {@link DiscoveryError}, or the signal's reason.
   */
  instances(service: string, patience: Patience): Promise<readonly Instance[]>;
  known(): readonly KnownService[];
  close(): Promise<void>;
}

export interface Patience {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

export interface ServicesOptions {
  readonly discovery: Discovery;
  readonly report: Report;
  /** How long the first call of a service waits for the registry, in milliseconds. */
  readonly firstAnswerMs?: number;
  /**
   * After an outage an empty list is believed only when it stays so, in milliseconds: a registry that lost what it had
   * gets it back as each instance notices.
   */
  readonly believeEmptyAfterMs?: number;
  /** A service that is not called for this time is watched no longer, in milliseconds. */
  readonly forgetAfterMs?: number;
}

interface Entry {
  readonly service: string;
  instances: readonly Instance[] | undefined;
  lastError: unknown;
  isStale: boolean;
  usedAt: number;
  readonly firstAnswer: Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Nothing is watched yet. */
export function createServices(options: ServicesOptions): Services {
  const { discovery, report } = options;
  const { firstAnswerMs = 5_000, believeEmptyAfterMs = 30_000, forgetAfterMs = 600_000 } = options;
  const { place } = discovery;
  const entries = new Map<string, Entry>();
  let isClosed = false;
  const sweep = setInterval(forgetUnused, forgetAfterMs / 10).unref();

  function forgetUnused(): void {
    for (const [service, entry] of entries) {
      if (performance.now() - entry.usedAt < forgetAfterMs) continue;
      entries.delete(service);
      void entry.stop();
    }
  }

  function open(service: string): Entry {
    const { promise: firstAnswer, resolve: answered } = Promise.withResolvers<void>();
    let doubt: NodeJS.Timeout | undefined;
    const believe = (instances: readonly Instance[]): void => {
      clearTimeout(doubt);
      entry.isStale = false;
      entry.instances = instances;
      answered();
    };
    const entry: Entry = {
      service,
      instances: undefined,
      lastError: undefined,
      isStale: false,
      usedAt: performance.now(),
      firstAnswer,
      stop: async () => {
        clearTimeout(doubt);
        await (await watch).stop();
      },
    };
    // Later, since a static registry answers within `watch`.
    const watch = Promise.resolve().then((): Watch =>
      discovery.watch(service, {
        changed(instances) {
          const hadSome = entry.instances !== undefined && entry.instances.length > 0;
          if (entry.isStale) report(`${place} answers again about ${service}`);
          if (!entry.isStale || instances.length > 0 || !hadSome) return believe(instances);
          clearTimeout(doubt);
          doubt = setTimeout(() => believe(instances), believeEmptyAfterMs).unref();
        },
        lost(error) {
          clearTimeout(doubt);
          entry.lastError = error;
          if (!entry.isStale) {
            report(
              `${place} does not answer: the instances of ${service} that it named last are used`,
              error,
            );
          }
          entry.isStale = true;
        },
      }),
    );
    entries.set(service, entry);
    return entry;
  }

  return {
    async instances(service, { timeoutMs, signal }) {
      if (isClosed) throw new DiscoveryError('This process no longer watches services: it stops');
      const entry = entries.get(service) ?? open(service);
      entry.usedAt = performance.now();
      if (entry.instances === undefined) {
        await inTime(entry.firstAnswer, Math.min(timeoutMs, firstAnswerMs), signal);
      }
      if (entry.instances !== undefined) return entry.instances;
      const message = `${place} does not answer, and nothing is known yet of the service ${service}`;
      throw new DiscoveryError(message, { cause: entry.lastError });
    },
    known: () =>
      [...entries.values()].map(({ service, instances = [], isStale }) => ({
        service,
        instances: instances.length,
        isStale,
      })),
    async close() {
      isClosed = true;
      clearInterval(sweep);
      await Promise.all([...entries.values()].map((entry) => entry.stop()));
      entries.clear();
    },
  };
}

/** Resolves when `done` does or the time is over; rejects with the reason of a signal that aborts before. */
async function inTime(done: Promise<void>, milliseconds: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  const { promise: ended, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, milliseconds);
  const abort = (): void => reject(signal?.reason);
  signal?.addEventListener('abort', abort, { once: true });
  try {
    await Promise.race([done, ended]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}
