import { backOff, pause } from './back-off.ts';
import type { Registered, Registration, Report } from './port.ts';

/** What a system can do for one instance. Each rejects where the registry does not answer. */
export interface Listing {
  /** Lists the instance as healthy, whether or not it is listed already. */
  list(): Promise<void>;
  /** A sign of life. Resolves to false where the registry has forgotten the instance. */
  renew(): Promise<boolean>;
  /** Lists it no longer as one to call, while its process goes on. */
  withdraw(): Promise<void>;
  /** Takes it away for good. */
  remove(): Promise<void>;
}

/** Signs of life within one time to live: one may come late and one may be lost. */
const signsPerTtl = 3;
/** Whoever stops does not wait longer for a registry that is away. */
const longestLeaveMs = 2_000;

/** A check that hangs must not keep the signs of life back. */
async function inTime(check: Promise<void>, milliseconds: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const fail = (): void => reject(new Error(`no answer of the health check within ${milliseconds} ms`));
    timer = setTimeout(fail, milliseconds);
  });
  try {
    await Promise.race([check, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Keeps an instance listed while it is healthy: a loop that ends when it leaves. */
export function keepRegistered(
  { service, ttlMs, checkHealth }: Registration,
  listing: Listing,
  { place, report }: { readonly place: string; readonly report: Report },
): Registered {
  const stopped = new AbortController();
  const { signal } = stopped;
  let isListed = false;
  // An answer that never came may have been a yes.
  let mayBeListed = false;
  let isHealthy = true;
  let failures = 0;

  async function beat(): Promise<void> {
    const unhealthy = await inTime(checkHealth(), ttlMs / signsPerTtl).then(
      () => undefined,
      (error: unknown) => ({ error }),
    );
    if (signal.aborted) return;
    if (unhealthy !== undefined) {
      if (isHealthy) report(`${service} is not healthy and is withdrawn from ${place}`, unhealthy.error);
      isHealthy = false;
      isListed = false;
      if (mayBeListed) await listing.withdraw();
      mayBeListed = false;
      return;
    }
    if (!isHealthy) report(`${service} is healthy again`);
    isHealthy = true;
    const wasListed = isListed;
    if (!isListed || !(await listing.renew())) {
      mayBeListed = true;
      await listing.list();
      report(`${service} is registered in ${place}${wasListed ? ', which had forgotten it' : ''}`);
    }
    isListed = true;
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      try {
        await beat();
        failures = 0;
        await pause(ttlMs / signsPerTtl, signal);
      } catch (error) {
        if (signal.aborted) return;
        failures += 1;
        // Once for an outage: the metrics tell how it goes on.
        if (failures === 1) {
          report(`${place} does not answer: ${service} is registered again when it is back`, error);
        }
        isListed = false;
        await backOff(failures, signal);
      }
    }
  }

  const running = run();
  let left: Promise<void> | undefined;
  const leave = async (): Promise<void> => {
    stopped.abort();
    const end = new AbortController();
    const removed = running
      .then(() => listing.remove())
      .catch((error: unknown) => {
        report(`${service} could not leave ${place}: it goes when its time to live is over`, error);
      });
    await Promise.race([removed, pause(longestLeaveMs, end.signal)]);
    end.abort();
    isListed = false;
  };
  return { isListed: () => isListed, leave: () => (left ??= leave()) };
}
