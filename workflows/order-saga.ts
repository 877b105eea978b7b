import {
  ActivityCancellationType,
  ApplicationFailure,
  CancellationScope,
  defineQuery,
  isCancellation,
  log,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { OrderActivities } from '../activities/orders.ts';
import { orderSagaNames } from './contract.ts';
import type { OrderSagaInput } from './contract.ts';

const forward = proxyActivities<OrderActivities>({
  startToCloseTimeout: '10 seconds',
  scheduleToCloseTimeout: '2 minutes',
  retry: { initialInterval: '500 milliseconds', maximumInterval: '10 seconds' },
  // A charge that is under way when the order is cancelled must end before it is refunded, not race the refund.
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
});

// Undoing is tried until it works: an order that stays half done costs more than one that waits.
const backward = proxyActivities<OrderActivities>({
  startToCloseTimeout: '10 seconds',
  retry: { initialInterval: '500 milliseconds', maximumInterval: '1 minute' },
});

type OrderStep = 'reserveStock' | 'chargePayment' | 'createShipment';

/** The answer of the query `progress`. */
export interface OrderSagaProgress {
  readonly stage: 'running' | 'compensating' | 'fulfilled' | 'failed' | 'cancelled';
  /** The step that runs now. */
  readonly current?: OrderStep;
  readonly done: readonly OrderStep[];
  /** Undone steps, in the order in which they were undone. */
  readonly undone: readonly OrderStep[];
  /** Steps whose compensation was refused: a person has to look. */
  readonly stuck: readonly OrderStep[];
}

interface OrderSagaResult {
  readonly orderId: string;
  readonly reservationId: string;
  readonly chargeId: string;
  readonly trackingNumber: string;
}

const progressQuery = defineQuery<OrderSagaProgress>(orderSagaNames.progressQuery);

/**
 * Fulfils one order: reserve stock, charge the payment, create the shipment. When a step fails or the order is
 * cancelled, every step that may have happened is undone, last first; then the failure or cancellation goes on.
 */
export async function orderSaga(input: OrderSagaInput): Promise<OrderSagaResult> {
  const { orderId } = input;
  let progress: OrderSagaProgress = { stage: 'running', done: [], undone: [], stuck: [] };
  const undo: { readonly step: OrderStep; readonly run: () => Promise<void> }[] = [];
  setHandler(progressQuery, () => progress);

  async function perform<T>(
    step: OrderStep,
    run: () => Promise<T>,
    compensate: () => Promise<void>,
  ): Promise<T> {
    progress = { ...progress, current: step };
    setCurrentDetails(`Running ${step} of order ${orderId}`);
    // Registered before the step runs: one that timed out may have happened all the same. Only a step that comes after
    // the cancellation has certainly not happened: running it just lets the cancellation through.
    if (!CancellationScope.current().consideredCancelled) undo.push({ step, run: compensate });
    const result = await run();
    progress = { ...progress, current: undefined, done: [...progress.done, step] };
    return result;
  }

  async function compensateAll(): Promise<void> {
    progress = { ...progress, stage: 'compensating', current: undefined };
    for (const { step, run } of undo.reverse()) {
      setCurrentDetails(`Undoing ${step} of order ${orderId}`);
      try {
        await run();
        progress = { ...progress, undone: [...progress.undone, step] };
      } catch (error) {
        // One refused compensation must not keep the others from running.
        log.error('Compensation was refused', { step, orderId, error });
        progress = { ...progress, stuck: [...progress.stuck, step] };
      }
    }
  }

  try {
    const { reservationId } = await perform(
      'reserveStock',
      () => forward.reserveStock({ key: key('reserve-stock'), orderId, items: input.items }),
      () => backward.releaseStock({ key: key('release-stock'), orderId }),
    );
    const { chargeId } = await perform(
      'chargePayment',
      () => forward.chargePayment({ key: key('charge-payment'), orderId, ...input.payment }),
      () => backward.refundPayment({ key: key('refund-payment'), orderId }),
    );
    const { trackingNumber } = await perform(
      'createShipment',
      () => forward.createShipment({ key: key('create-shipment'), orderId, shipTo: input.shipTo }),
      () => backward.cancelShipment({ key: key('cancel-shipment'), orderId }),
    );
    progress = { ...progress, stage: 'fulfilled' };
    setCurrentDetails(`Order ${orderId} is fulfilled`);
    return { orderId, reservationId, chargeId, trackingNumber };
  } catch (error) {
    const failedStep = progress.current;
    await CancellationScope.nonCancellable(compensateAll);
    progress = { ...progress, stage: isCancellation(error) ? 'cancelled' : 'failed' };
    setCurrentDetails(`Order ${orderId} was ${progress.stage}, and undone`);
    if (isCancellation(error)) throw error;
    throw orderFailure(orderId, failedStep, progress, error);
  }
}

/** Stable over attempts, resets and continue-as-new; another execution under the same id is another order. */
function key(step: string): string {
  const { workflowId, firstExecutionRunId } = workflowInfo();
  return `${workflowId}/${firstExecutionRunId}/${step}`;
}

function orderFailure(
  orderId: string,
  step: OrderStep | undefined,
  progress: OrderSagaProgress,
  error: unknown,
): ApplicationFailure {
  return ApplicationFailure.create({
    type: 'OrderFailed',
    message: `Order ${orderId} failed in ${step ?? 'the workflow'}: ${reason(error)}`,
    details: [{ step: step ?? null, undone: progress.undone, stuck: progress.stuck }],
    cause: error instanceof Error ? error : undefined,
    nonRetryable: true,
  });
}

/** The innermost message: Temporal wraps the service's answer into an ActivityFailure. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? reason(error.cause) : error.message;
}
