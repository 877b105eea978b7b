import { setTimeout as sleep } from 'node:timers/promises';
import { StoreError } from './errors.ts';
import { openStore } from './open.ts';
import type { Store } from './port.ts';

const pauseMs = 1_000;

/**
 * Opens the store; where trying again can help, it does so for up to `waitMs` milliseconds: databases start beside the
 * service. `warn` is told the first time. Fails with a {@link StoreError}.
 */
export async function openStoreWhenUp(
  url: string,
  data: string,
  { waitMs, warn }: { readonly waitMs: number; readonly warn: (line: string) => void },
): Promise<Store> {
  const giveUpAt = performance.now() + waitMs;
  for (let isFirst = true; ; isFirst = false) {
    try {
      return await openStore(url, data);
    } catch (error) {
      const isWorthIt = error instanceof StoreError && error.retryable && performance.now() < giveUpAt;
      if (!isWorthIt) throw error;
      if (isFirst) warn(`${error.message} Trying again for ${Math.round(waitMs / 1_000)} s.`);
      await sleep(pauseMs);
    }
  }
}
