import { CancellationScope, condition } from '@temporalio/workflow';

/**
 * Calls that were cancelled and have not ended: an activity hears of it with its next heartbeat. Its task does not wait for
 * that, but who undoes the task must, so that what is undone does not come about afterwards.
 */
export interface CancelledCalls {
  /** What a call gives, or its cancellation at once. */
  orCancelled<T>(call: Promise<T>): Promise<T>;
  /** Resolves when none is under way any more, whatever was cancelled. */
  ended(): Promise<void>;
}

/** The cancelled calls of a run. */
export function createCancelledCalls(): CancelledCalls {
  let open = 0;
  const close = (): void => {
    open -= 1;
  };
  return {
    orCancelled(call) {
      const scope = CancellationScope.current();
      open += 1;
      call.then(close, close);
      return scope.cancellable ? Promise.race([call, scope.cancelRequested]) : call;
    },
    async ended() {
      if (open > 0) await CancellationScope.nonCancellable(() => condition(() => open === 0));
    },
  };
}
