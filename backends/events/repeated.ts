/** Work that may be asked for at any time and is done once at a time. */
export interface Repeated {
  /** Asks for the work: now, or once more after the one that is under way. */
  readonly request: () => void;
  /** Resolves when nothing is under way. */
  settled(): Promise<void>;
}

/** `work` gathers itself what there is to do, and sees to its own failures. */
export function createRepeated(work: () => Promise<void>): Repeated {
  let isWanted = false;
  let running: Promise<void> | undefined;
  const run = async (): Promise<void> => {
    while (isWanted) {
      isWanted = false;
      await work();
    }
    running = undefined;
  };
  return {
    request: () => {
      isWanted = true;
      running ??= run();
    },
    settled: async () => await running,
  };
}
