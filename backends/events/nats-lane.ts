import { setTimeout as delay } from 'node:timers/promises';
import type { Consumer, ConsumerMessages, JsMsg } from '@nats-io/jetstream';
import { attributesOf, readEventMessage } from './event-message.ts';
import type { Lane } from './keyed-work.ts';
import type { HeldLane, Lasts } from './lane-keeper.ts';
import { ackWaitMs, mostPending } from './nats-stream.ts';
import type { Json } from '../../dsl/json.ts';

/** Events of one lane that are taken before they are acknowledged. */
const window = 128;

/**
 * How long one request for messages lasts at the server, in milliseconds. It ends before the lease does: a consumer which
 * stands still is given nothing any more when another has its lane.
 */
const requestMs = 5_000;

/** For the way of a request to the server, in milliseconds. */
const wayMs = 1_000;

/** Requests that may fail in a row, such as by missed heartbeats, before the connection counts as lost. */
const mostFailures = 3;

export interface NatsLaneOptions {
  readonly consumer: Consumer;
  readonly work: Lane;
  readonly lasts: Lasts;
  /** Resolves when the server has what was said before. */
  readonly flush: () => Promise<void>;
  readonly onFailure: (reason: unknown) => void;
}

/** Consumes a lane: what is pending from the last owner first, then what comes. */
export function openNatsLane({ consumer, work, lasts, flush, onFailure }: NatsLaneOptions): HeldLane {
  /** What is in hand, by its place in the stream. */
  const inHand = new Map<number, JsMsg>();
  let isOver = false;
  /** The lane may be another's: what is said of messages here must not disturb it. */
  let hasLost = false;
  /** Whether everything that the server has delivered and that is pending is in our hands. */
  let isWhole = false;
  let failures = 0;
  let request: ConsumerMessages | undefined;
  let room = Promise.withResolvers<void>();

  function handOver(message: JsMsg): void {
    void work.add(readMessage(message), message.info.deliveryCount).then((isDone) => {
      inHand.delete(message.seq);
      if (isDone) say(() => message.ack());
      else giveBack(message);
      room.resolve();
    });
  }

  function giveBack(message: JsMsg): void {
    if (!hasLost) say(() => message.nak());
  }

  /** Asks for messages and takes each once: one that was in hand for too long is delivered again. */
  async function pull(most: number, forMs: number, take: (message: JsMsg) => void): Promise<void> {
    while (!isOver && !lasts(forMs + wayMs)) await delay(100);
    if (isOver) return;
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
        giveBack(message);
      } else {
        inHand.set(message.seq, message);
        take(message);
      }
    }
  }

  /**
   * Waits until what is pending and not in our hands is delivered again, and hands it over before what is newer: what the
   * last owner had, or what was on its way when a request failed. What comes meanwhile is held; the server bounds it.
   */
  async function recover(): Promise<void> {
    const caught: JsMsg[] = [];
    const missing = async (): Promise<number> => (await consumer.info()).num_ack_pending - inHand.size;
    // One that was deleted from the stream never comes.
    const until = performance.now() + 4 * ackWaitMs;
    for (let count = await missing(); count > 0 && !isOver && performance.now() < until;) {
      await attempt(() => pull(Math.min(count, mostPending), 1_000, (message) => caught.push(message)));
      count = await missing();
      // What came may have been newer: the server has a few seconds to wait yet.
      if (count > 0) await delay(100);
    }
    isWhole = true;
    for (const message of caught.toSorted((one, other) => one.seq - other.seq)) {
      if (!isOver) handOver(message);
      else giveBack(message);
    }
  }

  async function attempt(ask: () => Promise<void>): Promise<void> {
    try {
      await ask();
      failures = 0;
    } catch (error) {
      if (isOver) return;
      isWhole = false;
      failures += 1;
      if (failures >= mostFailures) throw error;
      await delay(200);
    }
  }

  async function run(): Promise<void> {
    try {
      while (!isOver) {
        if (!isWhole) {
          await recover();
        } else if (inHand.size > window / 2) {
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
      for (const message of inHand.values()) say(() => message.working());
    },
    leave: async () => {
      end();
      await running;
      await work.drop();
      await flush();
    },
    abandon: () => {
      hasLost = true;
      end();
      void work.drop();
    },
  };
}

/** On a connection that has ended nothing arrives, and the event comes again. */
function say(what: () => void): void {
  try {
    what();
  } catch {
    // It has ended.
  }
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
