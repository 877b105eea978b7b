import type { Inbox } from '../../backends/events/inbox.ts';
import type { Subscriptions } from '../../backends/events/subscriptions.ts';
import type { EarlyEvents, OpenSubscriptionRequest } from '../../workflows/contract.ts';

/**
 * Writes a listener's subscription, then reads a page of the events that came before it. The router writes an event to
 * the inbox before it looks for subscriptions: in whichever order the two run, one of them sees the other.
 */
export async function openSubscription(
  { subscription, definition, routes, after, maxBytes }: OpenSubscriptionRequest,
  subscriptions: Subscriptions,
  inbox: Inbox,
): Promise<EarlyEvents> {
  if (after === undefined) await subscriptions.add(routes, { kind: 'execution', ...subscription });
  const recipient = { definition, seed: subscription.seed };
  return await inbox.early({ routes, recipient, maxBytes, ...(after === undefined ? {} : { after }) });
}
