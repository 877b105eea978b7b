/** Waiters of this process that are told, by the name of their holder, that it is their turn. */

/** One wait, which may be woken before it begins. */
interface WakeUp {
  /** Resolves when woken, or after so many milliseconds; rejects when the signal aborts. */
  within(milliseconds: number, signal?: AbortSignal): Promise<void>;
  forget(): void;
}

export interface WakeUps {
  expect(name: string): WakeUp;
  wake(name: string): void;
  wakeAll(): void;
}

/** Wake-ups by name; several may wait under one. */
export function createWakeUps(): WakeUps {
  const waiting = new Map<string, Set<() => void>>();

  return {
    expect(name) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const own = waiting.get(name) ?? new Set();
      waiting.set(name, own.add(resolve));
      return {
        async within(milliseconds, signal) {
          const aborted = Promise.withResolvers<never>();
          const abort = (): void => aborted.reject(signal?.reason);
          const timer = setTimeout(resolve, milliseconds);
          signal?.addEventListener('abort', abort);
          if (signal?.aborted) abort();
          try {
            await Promise.race([promise, aborted.promise]);
          } finally {
            clearTimeout(timer);
            signal?.removeEventListener('abort', abort);
          }
        },
        forget() {
          own.delete(resolve);
          if (own.size === 0 && waiting.get(name) === own) waiting.delete(name);
        },
      };
    },
    wake(name) {
      for (const resolve of waiting.get(name) ?? []) resolve();
    },
    wakeAll() {
      for (const own of waiting.values()) for (const resolve of own) resolve();
    },
  };
}
