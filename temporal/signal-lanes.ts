/**
 * Signals to one execution, in order: one is under way, and what comes meanwhile goes into the next. A server slows down
 * who sends one execution many signals at once, and keeps no order among them.
 */
import { asJson, jsonSize } from '../dsl/json.ts';

// One signal stays well under the 2 MiB of a payload; a single item may be larger than that on its own.
const maxBatchBytes = 1_000_000;
const maxBatchItems = 100;

interface Waiting<Item> {
  readonly item: Item;
  readonly resolve: (sent: boolean) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * A function that sends an item by the next signal to `id`, and resolves to what `send` gives for the whole batch.
 * Nothing is kept for an id that has nothing to send.
 */
export function signalLanes<Item extends object>(
  send: (id: string, batch: readonly Item[]) => Promise<boolean>,
): (id: string, item: Item) => Promise<boolean> {
  const lanes = new Map<string, Waiting<Item>[]>();

  async function run(id: string, lane: Waiting<Item>[]): Promise<void> {
    while (lane.length > 0) {
      const batch = lane.splice(0, batchLength(lane));
      try {
        const sent = await send(
          id,
          batch.map(({ item }) => item),
        );
        for (const { resolve } of batch) resolve(sent);
      } catch (error) {
        // Whoever sends them again has to find the lane empty: nothing may overtake what has failed.
        for (const { reject } of [...batch, ...lane.splice(0)]) reject(error);
      }
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
