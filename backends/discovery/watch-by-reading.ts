import { backOff } from './back-off.ts';
import type { Instance, Watch, Watcher } from './port.ts';

export interface Reading {
  /** Reads all instances; it may wait for a change from the second time on. Rejects where the registry is away. */
  readonly read: (signal: AbortSignal) => Promise<readonly Instance[]>;
  /** How long until they are read again when nobody asks for it, in milliseconds; asked after each reading. */
  readonly pauseMs: () => number;
}

/** A watch that reads anew whenever it is asked to, and now and then. */
export interface ReadingWatch extends Watch {
  /** Something may have changed. */
  readAgain(): void;
}

/**
 * Watches by reading the whole list: what a registry tells of changes only asks for it, so that no notice that is lost,
 * doubled or out of order leaves a wrong list behind.
 */
export function watchByReading({ read, pauseMs }: Reading, watcher: Watcher): ReadingWatch {
  const stopped = new AbortController();
  const { signal } = stopped;
  let last: string | undefined;
  let isWanted = false;
  let wake = (): void => undefined;

  const askedOrLater = async (everyMs: number): Promise<void> => {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, everyMs);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
      if (isWanted || signal.aborted) wake();
    });
  };

  async function run(): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      isWanted = false;
      try {
        const instances = (await read(signal)).toSorted((a, b) => (a.id < b.id ? -1 : 1));
        if (signal.aborted) return;
        failures = 0;
        const text = JSON.stringify(instances);
        if (text !== last) watcher.changed(instances);
        last = text;
        const everyMs = pauseMs();
        if (everyMs > 0) await askedOrLater(everyMs);
      } catch (error) {
        if (signal.aborted) return;
        failures += 1;
        watcher.lost(error);
        // Whatever comes next is news, if only that the registry is back.
        last = undefined;
        await backOff(failures, signal);
      }
    }
  }

  const running = run();
  return {
    readAgain() {
      isWanted = true;
      wake();
    },
    async stop() {
      stopped.abort();
      wake();
      await running;
    },
  };
}
