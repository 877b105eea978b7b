/** Dead letters on their way again: as events go, past those who have them already. */
import type { DeadLetter, DeadLetterQuery, DeadLetters } from './dead-letters.ts';
import type { EventDelivery } from './delivery.ts';
import { acceptEvent, detailOf, routingFailure } from './failure.ts';
import type { DeadReason } from './failure.ts';
import type { EventRouter, RoutedEvent } from './router.ts';

export type Redriven =
  | { readonly outcome: 'routed'; readonly routed: RoutedEvent }
  /** It stays, with what went wrong this time. */
  | { readonly outcome: 'dead'; readonly letter: DeadLetter }
  /** Only the beginning of its content is there. */
  | { readonly outcome: 'incomplete'; readonly letter: DeadLetter }
  | { readonly outcome: 'missing' };

/** How many letters of a query were sent again, and what became of them. */
export interface RedrivenMany {
  readonly tried: number;
  readonly routed: number;
  readonly dead: number;
  /** Present when there is more: the cursor of the next call. */
  readonly nextCursor?: string;
}

export interface Redrive {
  /**
   * Sends one letter again; it is gone when everyone has the event. Fails, and leaves the letter as it was, while the
   * store or Temporal does not answer.
   */
  one(id: string): Promise<Redriven>;
  /**
   * Sends up to `limit` letters again, the latest first; those that fail stay, and the cursor goes on behind them. Fails
   * as {@link Redrive.one} does.
   */
  many(query: DeadLetterQuery): Promise<RedrivenMany>;
}

export interface RedriveParts {
  readonly deadLetters: DeadLetters;
  readonly router: EventRouter;
  readonly delivery: EventDelivery;
  /** Bytes of JSON that an event may have. */
  readonly maxBytes: number;
}

// Letters that go together, and how long a call goes on with more of them: whoever asks waits for an answer.
const pageSize = 50;
const maxMs = 10_000;

/** Sends dead letters again through the router. */
export function createRedrive({ deadLetters, router, delivery, maxBytes }: RedriveParts): Redrive {
  async function one(id: string): Promise<Redriven> {
    const found = await deadLetters.get(id);
    if (found === undefined) return { outcome: 'missing' };
    const { letter, content } = found;
    if (!letter.complete) return { outcome: 'incomplete', letter };
    const reached = new Set(letter.reached);
    const fail = async (reason: DeadReason, detail: string): Promise<Redriven> => {
      const { origin } = letter;
      const failed = { content, reason, detail, attempts: 1, origin, reached };
      return { outcome: 'dead', letter: await deadLetters.add(failed) };
    };
    const accepted = acceptEvent(content, maxBytes);
    if (!accepted.ok) return await fail(accepted.reason, accepted.detail);
    try {
      const [routed] = await router.route([accepted.event], [reached]);
      await deadLetters.remove(id);
      return routed === undefined ? { outcome: 'missing' } : { outcome: 'routed', routed };
    } catch (error) {
      const failure = routingFailure(error, delivery);
      if (failure === 'away') throw error;
      return await fail(failure, detailOf(error));
    }
  }

  /** Sends letters again together, in the order in which they died; one by one where that fails. */
  async function together(letters: readonly DeadLetter[]): Promise<readonly Redriven['outcome'][]> {
    const ids = letters.map(({ id }) => id).toReversed();
    const found = await Promise.all(ids.map((id) => deadLetters.get(id)));
    const good = found.flatMap((one) => {
      if (one === undefined || !one.letter.complete) return [];
      const accepted = acceptEvent(one.content, maxBytes);
      return accepted.ok ? [{ event: accepted.event, reached: new Set(one.letter.reached) }] : [];
    });
    if (good.length === ids.length) {
      try {
        await router.route(
          good.map(({ event }) => event),
          good.map(({ reached }) => reached),
        );
        await Promise.all(ids.map((id) => deadLetters.remove(id)));
        return ids.map(() => 'routed');
      } catch (error) {
        if (routingFailure(error, delivery) === 'away') throw error;
      }
    }
    const outcomes: Redriven['outcome'][] = [];
    for (const id of ids) outcomes.push((await one(id)).outcome);
    return outcomes;
  }

  return {
    one,
    async many({ limit, ...query }) {
      const until = Date.now() + maxMs;
      const outcomes: Redriven['outcome'][] = [];
      let { cursor } = query;
      for (let left = limit; left > 0;) {
        const page = await deadLetters.list({ ...query, limit: Math.min(left, pageSize), cursor });
        outcomes.push(...(await together(page.letters)));
        left -= page.letters.length;
        cursor = page.nextCursor;
        if (cursor === undefined || Date.now() > until) break;
      }
      const count = (wanted: readonly Redriven['outcome'][]): number =>
        outcomes.filter((outcome) => wanted.includes(outcome)).length;
      return {
        tried: count(['routed', 'dead', 'incomplete']),
        routed: count(['routed']),
        dead: count(['dead', 'incomplete']),
        ...(cursor === undefined ? {} : { nextCursor: cursor }),
      };
    },
  };
}
