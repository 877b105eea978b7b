import type { Delivery } from './transport.ts';

/** Messages and bytes that wait before the sender is asked to hold back, and how many times that before it is too much. */
const comfortable = { messages: 256, bytes: 4 * 1024 * 1024 };
const bearable = 16;

/** First in, first out: between a client that pushes and a call that takes. */
export interface DeliveryQueue {
  /** Adds a message. Undefined while there is room, else a promise of room: clients that can, hold back until then. */
  readonly push: (delivery: Delivery) => Promise<void> | undefined;
  /** Ends the queue: what waits can still be taken, then `take` rejects with this. */
  fail(error: Error): void;
  /** The next message, or undefined when none is there before the signal aborts. */
  take(signal: AbortSignal): Promise<Delivery | undefined>;
}

export function createDeliveryQueue(): DeliveryQueue {
  const waiting: Delivery[] = [];
  let bytes = 0;
  let failure: Error | undefined;
  let wake = (): void => undefined;
  let room: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;

  const isOver = (times: number): boolean =>
    waiting.length >= comfortable.messages * times || bytes >= comfortable.bytes * times;

  const fail = (error: Error): void => {
    failure ??= error;
    wake();
    room?.resolve();
  };

  return {
    push(delivery) {
      if (failure !== undefined) return undefined;
      waiting.push(delivery);
      bytes += delivery.body.length;
      wake();
      // Some protocols cannot hold back; memory ends somewhere.
      if (isOver(bearable)) fail(new Error('messages come faster than they are taken'));
      if (!isOver(1) || failure !== undefined) return undefined;
      room ??= Promise.withResolvers<void>();
      return room.promise;
    },
    fail,
    async take(signal) {
      for (;;) {
        const next = waiting.shift();
        if (next !== undefined) {
          bytes -= next.body.length;
          if (!isOver(0.5)) {
            room?.resolve();
            room = undefined;
          }
          return next;
        }
        if (failure !== undefined) throw failure;
        if (signal.aborted) return undefined;
        await new Promise<void>((resolve) => {
          wake = resolve;
          signal.addEventListener('abort', () => resolve(), { once: true });
        });
      }
    },
  };
}
