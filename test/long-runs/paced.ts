import { setTimeout as delay } from 'node:timers/promises';

/**
 * Sends so many things a second, in order: one call of `send` after the other, each with what has become due meanwhile. A
 * machine that is busy sends more at once, not less.
 */
export async function sendPaced<Item>(
  items: readonly Item[],
  perSecond: number,
  send: (due: readonly Item[]) => Promise<void>,
): Promise<void> {
  const begun = Date.now();
  for (let sent = 0; sent < items.length;) {
    const due = Math.min(items.length, Math.ceil(((Date.now() - begun) / 1_000) * perSecond));
    if (due > sent) await send(items.slice(sent, due));
    else await delay(1_000 / perSecond);
    sent = Math.max(sent, due);
  }
}
