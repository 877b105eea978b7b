import type { MessageDescription } from './message-description.ts';
import type { Delivery, Subscription, Target } from './transport.ts';

/** A subscription that is open, and what it gave that the server has not been told of. */
export interface HeldSubscription {
  readonly subscription: Subscription;
  readonly target: Target;
  readonly messages: readonly MessageDescription[];
  readonly unacknowledged: Delivery[];
}

/**
 * Subscriptions between one request for messages and the next of the same call: they stay open, so that nothing is lost
 * on transports that redeliver nothing. They belong to one worker; a request that comes to another one opens its own.
 */
export interface HeldSubscriptions {
  /** Hands over the subscription under this key, if one is held. */
  take(key: string): HeldSubscription | undefined;
  /** Keeps a subscription until its next request; after `heldMs` without one it is ended. */
  hold(key: string, held: HeldSubscription): void;
  /** Ends every subscription. */
  close(): Promise<void>;
}

/** Tasks of a message may take this long without a gap in the subscription. */
const heldMs = 5 * 60_000;

export function createHeldSubscriptions(): HeldSubscriptions {
  const entries = new Map<string, { readonly held: HeldSubscription; readonly timer: NodeJS.Timeout }>();

  const take = (key: string): HeldSubscription | undefined => {
    const entry = entries.get(key);
    clearTimeout(entry?.timer);
    entries.delete(key);
    return entry?.held;
  };
  const end = async (key: string): Promise<void> => {
    const held = take(key);
    if (held !== undefined) await endSubscription(held).catch(() => undefined);
  };

  return {
    take,
    hold(key, held) {
      clearTimeout(entries.get(key)?.timer);
      const timer = setTimeout(() => void end(key), heldMs);
      timer.unref();
      entries.set(key, { held, timer });
    },
    async close() {
      await Promise.all([...entries.keys()].map(end));
    },
  };
}

/** Acknowledges what was handed on, then closes. */
export async function endSubscription(held: HeldSubscription): Promise<void> {
  try {
    await acknowledge(held);
  } finally {
    await held.subscription.close();
  }
}

/** Tells the server of everything that was handed on, in its order. */
export async function acknowledge({ unacknowledged }: HeldSubscription): Promise<void> {
  for (let next = unacknowledged[0]; next !== undefined; next = unacknowledged[0]) {
    await next.acknowledge();
    unacknowledged.shift();
  }
}
