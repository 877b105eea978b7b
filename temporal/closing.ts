import type { Logger } from 'pino';

/** What has to be closed at the end, in the reverse of the order in which it was opened. */
export interface Closing {
  /** Remembers how to close what was just opened; `what` is for the log. */
  add(what: string, close: () => Promise<void>): void;
  /** Closes everything, the last opened first. A failure is logged and does not keep the rest open. Safe to repeat. */
  close(): Promise<void>;
}

/** Starts with nothing to close. */
export function createClosing(logger: Logger): Closing {
  const opened: { readonly what: string; readonly close: () => Promise<void> }[] = [];
  let closed: Promise<void> | undefined;

  const closeAll = async (): Promise<void> => {
    for (let last = opened.pop(); last !== undefined; last = opened.pop()) {
      try {
        await last.close();
      } catch (error) {
        logger.error({ err: error, what: last.what }, 'closing failed');
      }
    }
  };

  return {
    add: (what, close) => void opened.push({ what, close }),
    close: () => {
      closed ??= closeAll();
      return closed;
    },
  };
}
