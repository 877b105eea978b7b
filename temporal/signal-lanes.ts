/**
 * Signals to one execution, in order: one is under way, and what comes meanwhile goes into the next. A server slows down
 * who sends one execution many signals at once, and keeps no order among them.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { asJson, jsonSize } from '../dsl/json.ts';
import { signalPace } from './signal-pace.ts';

// One signal stays well under the 2 MiB of a payload; a single item may be larger than that on its own.
const maxBatchBytes = 1_000_000;
const maxBatchItems = 100;

interface Waiting<Item> {
  readonly item: Item;
  readonly resolve: (sent: boolean) => void;
  readonly reject: (error: unknown) => void;
}

export interface LaneOptions {
  /** Signals a second to one id in the long run; what comes faster shares them. */
  readonly perSecond: number;
  /** Whether an error says that the items themselves are not taken: then they are sent one by one, to find out which. */
  readonly isRefusal: (error: unknown) => boolean;
}

/**
 * A function that sends an item by the next signal to `id`, and resolves to what `send` gives for the whole batch.
 * An item that is refused rejects alone; any other failure rejects all that stand in line, so that whoever sends them
 * again finds the lane empty and nothing overtakes. Nothing is kept for an id that has nothing to send.
 */
export function signalLanes<Item extends object>(
  send: (id: string, batch: readonly Item[]) => Promise<boolean>,
  { perSecond, isRefusal }: LaneOptions,
): (id: string, item: Item) => Promise<boolean> {
  const lanes = new Map<string, Waiting<Item>[]>();
  const pace = signalPace(perSecond);

  async function sendInTurn(id: string, batch: readonly Waiting<Item>[]): Promise<void> {
    const sent = await send(
      id,
      batch.map(({ item }) => item),
    );
    for (const { resolve } of batch) resolve(sent);
  }

  async function sendAlone(id: string, waiting: Waiting<Item>): Promise<void> {
    try {
      await sendInTurn(id, [waiting]);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      waiting.reject(error);
    }
  }

  async function run(id: string, lane: Waiting<Item>[]): Promise<void> {
    let batch: readonly Waiting<Item>[] = [];
    try {
      while (lane.length > 0) {
        const wait = pace(id, performance.now());
        // What comes meanwhile goes with it.
        if (wait > 0) await sleep(wait);
        batch = lane.splice(0, batchLength(lane));
        try {
          await sendInTurn(id, batch);
        } catch (error) {
          if (!isRefusal(error)) throw error;
          for (const waiting of batch) await sendAlone(id, waiting);
        }
      }
    } catch (error) {
      // Those of the batch that are settled stay as they are.
      for (const { reject } of [...batch, ...lane.splice(0)]) reject(error);
    }
    lanes.delete(id);
  }

  return (id, item) =>
    new Promise((resolve, reject) => {
      const lane = lanes.get(id);
      if (lane !== undefined) {
        lane.push({ item, resolve, reject });
        return;
      }
      const begun = [{ item, resolve, reject }];
      lanes.set(id, begun);
      void run(id, begun);
    });
}

function batchLength<Item extends object>(lane: readonly Waiting<Item>[]): number {
  let bytes = 0;
  let length = 0;
  for (const { item } of lane) {
    bytes += jsonSize(asJson(item));
    if (length > 0 && (bytes > maxBatchBytes || length === maxBatchItems)) break;
    length += 1;
  }
  return length;
}
