import type { Registered, Watch } from './port.ts';

/** What a discovery has open, so that it can close it. */
export interface Opened {
  registered(one: Registered): Registered;
  watching(one: Watch): Watch;
  close(): Promise<void>;
}

/** Nothing is open yet. */
export function createOpened(): Opened {
  const ends = new Set<() => Promise<void>>();
  const remembered = (end: () => Promise<void>): (() => Promise<void>) => {
    const ended = (): Promise<void> => {
      ends.delete(ended);
      return end();
    };
    ends.add(ended);
    return ended;
  };
  return {
    registered: (one) => ({ ...one, leave: remembered(() => one.leave()) }),
    watching: (one) => ({ ...one, stop: remembered(() => one.stop()) }),
    close: async () => {
      await Promise.all([...ends].map((end) => end()));
    },
  };
}
