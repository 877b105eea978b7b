import { setTimeout as delay } from 'node:timers/promises';
import type { Consumer, ConsumerMessages, JsMsg } from '@nats-io/jetstream';
import { attributesOf, readEventMessage } from './event-message.ts';
import type { Lane } from './keyed-work.ts';
import type { HeldLane } from './lane-keeper.ts';
import { ackWaitMs, mostPending } from './nats-stream.ts';
import type { Json } from '../../dsl/json.ts';

/** Events of one lane that are taken before they are acknowledged. */
const window = 128;

/**
 * How long one request for messages lasts at the server, in milliseconds: shorter than a lease, so that a consumer which
 * stands still is given nothing any more when another has its lane.
 */
const requestMs = 5_000;

/** Requests that may fail in a row, such as by missed heartbeats, before the connection counts as lost. */
const mostFailures = 3;

export interface NatsLaneOptions {
  readonly consumer: Consumer;
  readonly work: Lane;
  /** Resolves when the server has what was said before. */
  readonly flush: () => Promise<void>;
  readonly onFailure: (reason: unknown) => void;
}

/** Consumes a lane: what is pending from the last owner first, then what comes. */
export function openNatsLane({ consumer, work, flush, onFailure }: NatsLaneOptions): HeldLane {
  /** What is in hand, by its place in the stream. */
  const inHand = new Map<number, JsMsg>();
  let isOver = false;
  let request: ConsumerMessages | undefined;
  let room = Promise.withResolvers<void>();

  function handOver(message: JsMsg): void {
    void work.add(readMessage(message), message.info.deliveryCount).then((isDone) => {
      inHand.delete(message.seq);
      // On a connection that has ended neither arrives, and the event comes again.
      if (isDone) message.ack();
      else if (!hasLost) message.nak();
      room.resolve();
    });
  }

  /** The lane may be another's: what is said of messages here must not disturb it. */
  let hasLost = false;

  /** Asks for messages and takes each once: one that was in hand for too long is delivered again. */
  async function pull(most: number, forMs: number, take: (message: JsMsg) => void): Promise<void> {
    const messages = await consumer.fetch({
      max_messages: most,
      expires: forMs,
      idle_heartbeat: Math.floor(forMs / 3),
    });
    request = messages;
    if (isOver) messages.stop();
    for await (const message of messages) {
      if (inHand.has(message.seq)) continue;
      if (isOver) {
        if (!hasLost) message.nak();
        continue;
      }
      inHand.set(message.seq, message);
      take(message);
    }
  }

  /**
   * Waits until what the last owner had is delivered again, and hands it over before what is newer. What comes meanwhile
   * is held; the server bounds it.
   */
  async function takeOver(): Promise<void> {
    const { delivered, num_ack_pending: pending } = await consumer.info();
    if (pending === 0) return;
    const caught: JsMsg[] = [];
    // One that was deleted from the stream never comes.
    const until = performance.now() + 4 * ackWaitMs;
    for (let left = pending; left > 0 && !isOver && performance.now() < until;) {
      await attempt(() => pull(Math.min(left, mostPending), 1_000, (message) => caught.push(message)));
      // What is newer is pending, too, and in our hands.
      left = (await consumer.info()).num_ack_pending - caught.length;
      if (caught.some(({ seq }) => seq > delivered.stream_seq)) await delay(100);
    }
    for (const message of caught.toSorted((one, other) => one.seq - other.seq)) handOver(message);
  }

  let failures = 0;
  async function attempt(ask: () => Promise<void>): Promise<void> {
    try {
      await ask();
      failures = 0;
    } catch (error) {
      if (isOver) return;
      failures += 1;
      if (failures >= mostFailures) throw error;
      await delay(200);
    }
  }

  async function run(): Promise<void> {
    try {
      await takeOver();
      while (!isOver) {
        if (inHand.size > window / 2) {
          room = Promise.withResolvers<void>();
          await room.promise;
        } else {
          await attempt(() => pull(window - inHand.size, requestMs, handOver));
        }
      }
    } catch (error) {
      if (!isOver) onFailure(error);
    }
  }

  const running = run();
  const end = (): void => {
    isOver = true;
    request?.stop();
    room.resolve();
  };
  return {
    get size() {
      return inHand.size;
    },
    beat: () => {
      for (const message of inHand.values()) message.working();
    },
    leave: async () => {
      end();
      await running;
      await work.drop();
      await flush().catch(() => undefined);
    },
    abandon: () => {
      hasLost = true;
      end();
      void work.drop();
    },
  };
}

function readMessage({ data, headers }: JsMsg): Json {
  const texts = [...(headers?.keys() ?? [])].map((name) => [name, headers?.last(name) ?? ''] as const);
  const attributes = attributesOf(texts, /^ce-/i, true);
  // The binding has the type of the data among the attributes; other services put it where HTTP has it.
  const contentType =
    texts.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? attributes['datacontenttype'];
  return readEventMessage({
    body: data,
    ...(contentType === undefined ? {} : { contentType }),
    attributes,
  });
}
