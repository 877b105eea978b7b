import { defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';
import type { ConnectionOptions } from '@temporalio/client';

type Interceptor = NonNullable<ConnectionOptions['interceptors']>[number];

/**
 * The SDK's retries of gRPC calls, which give up when the next attempt would come after the call's deadline. The SDK's
 * own sleep on: the call then fails seconds late, and an attempt after `close()` throws out of a timer, which ends the
 * process.
 */
export function retryWithinDeadline(): Interceptor {
  const defaults = defaultGrpcRetryOptions();
  return (options, nextCall) => {
    const end = options.deadline === undefined ? Infinity : Number(options.deadline);
    const retry = makeGrpcRetryInterceptor({
      ...defaults,
      // The jitter of two delays differs by up to 1.5.
      retryableDecider: (attempt, status) =>
        defaults.retryableDecider(attempt, status) &&
        Date.now() + defaults.delayFunction(attempt, status) * 1.5 < end,
    });
    return retry(options, nextCall);
  };
}
