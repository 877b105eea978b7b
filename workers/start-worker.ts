import { GracefulShutdownPeriodExpiredError } from '@temporalio/worker';
import type { Logger } from 'pino';
import { createWorker } from './worker.ts';
import type { WorkerParts } from './worker.ts';

/** A worker that polls. */
export interface RunningWorker {
  /** Rejects when the worker ends by itself, which it never does while all is well. */
  readonly failed: Promise<never>;
  /** Fails while the worker does not poll or the server does not answer. */
  checkReady(): Promise<void>;
  /** Takes no more work, lets running activities finish within the grace time, then cancels them. */
  drain(): Promise<void>;
}

/** Starts a worker on a connection that the caller owns and closes after it. */
export async function startWorker(parts: WorkerParts & { readonly logger: Logger }): Promise<RunningWorker> {
  const { connection, settings, logger } = parts;
  const worker = await createWorker(parts);
  const ended = worker.run();
  let draining = false;
  const failed = ended.then(
    async () => (draining ? await new Promise<never>(() => undefined) : stoppedByItself()),
    async (error: unknown) => (draining ? await new Promise<never>(() => undefined) : stoppedByItself(error)),
  );
  // Whoever does not listen yet must not be ended by an unhandled rejection.
  failed.catch(() => undefined);
  return {
    failed,
    checkReady: async () => {
      if (worker.getState() !== 'RUNNING') throw new Error(`the worker is ${worker.getState()}`);
      const { namespace } = settings.temporal;
      await connection.withDeadline(Date.now() + 2_000, () =>
        connection.workflowService.describeNamespace({ namespace }),
      );
    },
    drain: async () => {
      draining = true;
      if (worker.getState() === 'RUNNING') worker.shutdown();
      try {
        await ended;
      } catch (error) {
        if (!(error instanceof GracefulShutdownPeriodExpiredError)) throw error;
        // Temporal starts those activities again elsewhere: they are safe to repeat.
        logger.warn('Some activities did not end within the grace time; another worker will repeat them');
      }
    },
  };
}

function stoppedByItself(cause?: unknown): never {
  throw new Error('The worker stopped by itself', { cause });
}
