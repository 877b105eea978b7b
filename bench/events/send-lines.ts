import { randomFrom } from '../../test/random.ts';
import type { CloudEvent } from '../../workflows/contract.ts';
import type { Sender } from './senders.ts';

/** Events that go in one request, at least, and senders side by side. */
const batch = 25;
const sides = 32;

export interface Lines {
  readonly lines: number;
  readonly eventsOfLine: number;
  /** Events of a line that come one right after the other, at most. */
  readonly burst: number;
  /** Part of the events that come twice. */
  readonly repeated: number;
  readonly seed: number;
}

/** Sends every line in its order, the lines mixed, and some events again. */
export async function sendLines(sender: Sender, lines: Lines): Promise<void> {
  await Promise.all(Array.from({ length: sides }, (_, side) => sendSide(sender, side, lines)));
}

/** Sends the lines of one side, mixed as they are drawn. */
async function sendSide(
  sender: Sender,
  side: number,
  { lines, eventsOfLine, burst, repeated, seed }: Lines,
): Promise<void> {
  const random = randomFrom(seed + side);
  const next = new Map<number, number>();
  for (let line = side; line < lines; line += sides) next.set(line, 0);
  while (next.size > 0) {
    const open = [...next.keys()];
    const chosen: CloudEvent[] = [];
    while (chosen.length < batch && next.size > 0) {
      const line = open[Math.floor(random() * open.length)] ?? side;
      for (let more = 1 + Math.floor(random() * burst); more > 0; more--) {
        const n = next.get(line);
        if (n === undefined) break;
        chosen.push(eventOf(line, n));
        if (random() < repeated) chosen.push(eventOf(line, Math.floor(random() * (n + 1))));
        if (n + 1 === eventsOfLine) next.delete(line);
        else next.set(line, n + 1);
      }
    }
    await sender.send(chosen);
  }
}

function eventOf(line: number, n: number): CloudEvent {
  return {
    specversion: '1.0',
    id: `${line}-${n}`,
    source: '/proof',
    type: 'proof.event',
    partitionkey: `line-${line}`,
    data: { line, n },
  };
}
