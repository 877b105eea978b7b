import type { Logger } from 'pino';

/** Says in the log that the store or Temporal is away: however many events wait for it, once and then now and then. */
export interface OutageLog {
  /** A call failed because of it. */
  goesOn(error: unknown): void;
  /** A call succeeded. */
  over(): void;
}

const repeatMs = 30_000;

/** A log of outages in which nothing is away yet. */
export function createOutageLog(logger: Logger): OutageLog {
  let since: number | undefined;
  let saidAt = 0;
  return {
    goesOn(error) {
      const now = Date.now();
      since ??= now;
      if (now - saidAt < repeatMs) return;
      saidAt = now;
      logger.warn(
        { err: error, awaySeconds: Math.round((now - since) / 1_000) },
        'Temporal or the store does not answer: events wait and none is lost. ' +
          'See that both run and that this process reaches them; /readyz tells which',
      );
    },
    over() {
      if (since === undefined) return;
      logger.info({ awaySeconds: Math.round((Date.now() - since) / 1_000) }, 'events go on');
      since = undefined;
      saidAt = 0;
    },
  };
}
