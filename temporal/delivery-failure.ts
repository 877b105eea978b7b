/** Who is to blame when Temporal did not take an event: the event, or the state that Temporal is in. */
import { NamespaceNotFoundError } from '@temporalio/client';
import { InputTooLargeError } from './definition-start.ts';
import { grpcAnswer } from './grpc-status.ts';

/**
 * `away`: Temporal does not answer, is overloaded, or refuses whoever calls; the event is not to blame, and the same call
 * succeeds some time. `too-large` and `refused`: Temporal looked at this very event and will not take it. `unclear`:
 * anything else, a defect on either side among it.
 */
export type DeliveryFailure = 'away' | 'too-large' | 'refused' | 'unclear';

// https://grpc.io/docs/guides/status-codes/
const awayCodes = new Map([
  [1, 'cancelled'],
  [4, 'deadline exceeded'],
  [7, 'permission denied'],
  [8, 'resource exhausted'],
  [10, 'aborted'],
  [14, 'unavailable'],
  [16, 'unauthenticated'],
]);
const refusedCodes = new Map([
  [3, 'invalid argument'],
  [9, 'failed precondition'],
  [11, 'out of range'],
]);

// What servers and gRPC itself say of a payload or a message over the limit; the codes are those of other failures, too.
const saysTooLarge = /size exceeds|larger than|too large/i;

// "exceeded workflow execution limit for signal events": it takes more when a worker has worked some of them off.
const saysFull = /limit for (?:signal|pending|buffered)/i;

/** Tells the failures of calls to Temporal apart. */
export function deliveryFailure(error: unknown): DeliveryFailure {
  if (error instanceof InputTooLargeError) return 'too-large';
  if (error instanceof NamespaceNotFoundError) return 'away';
  const status = grpcAnswer(error);
  if (status === undefined) return 'unclear';
  const { code, details } = status;
  if (saysFull.test(details)) return 'away';
  const known = awayCodes.has(code) || refusedCodes.has(code);
  if (known && saysTooLarge.test(details)) return 'too-large';
  if (awayCodes.has(code)) return 'away';
  return refusedCodes.has(code) ? 'refused' : 'unclear';
}
