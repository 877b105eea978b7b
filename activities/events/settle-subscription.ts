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
  for (const identity of consumed) {
    await inbox.noteConsumed(identity, { definition, seed: subscription.seed });
  }
}
