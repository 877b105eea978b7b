import type { Inbox } from '../../backends/events/inbox.ts';
import type { Subscriptions } from '../../backends/events/subscriptions.ts';
import type { SettleSubscriptionRequest } from '../../workflows/contract.ts';

/** Removes the subscription of a listener that has ended, and notes in the inbox what it has consumed. */
export async function settleSubscription(
  { subscription, definition, routes, consumed, ended }: SettleSubscriptionRequest,
  subscriptions: Subscriptions,
  inbox: Inbox,
): Promise<void> {
  if (ended) await subscriptions.remove(routes, { kind: 'execution', ...subscription });
  // At once: what is asked of a store at the same time costs it least.
  const recipient = { definition, seed: subscription.seed };
  await Promise.all(consumed.map((identity) => inbox.noteConsumed(identity, recipient)));
}
