import type { CloseMessagesRequest } from '../../workflows/contract.ts';
import { endSubscription } from './held-subscriptions.ts';
import type { HeldSubscriptions } from './held-subscriptions.ts';

/** Ends a subscription whose messages were all worked through. What it held beyond them goes back to the server. */
export async function closeMessages(
  { idempotencyKey }: CloseMessagesRequest,
  subscriptions: HeldSubscriptions,
): Promise<void> {
  const held = subscriptions.take(idempotencyKey);
  // A server that is gone has closed it, too.
  if (held !== undefined) await endSubscription(held).catch(() => undefined);
}
