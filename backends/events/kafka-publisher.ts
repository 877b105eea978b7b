import type { Producer } from 'kafkajs';
import type { CloudEvent } from '../../workflows/contract.ts';
import { eventContentType, writeEvent } from './event-message.ts';
import { createKafka, ensureTopic, typeOf } from './kafka-connection.ts';
import type { KafkaSettings } from './kafka-connection.ts';
import { eventKey, EventRejectedError, EventSystemError } from './port.ts';
import type { EventPublisher } from './port.ts';
import { causeOf } from './reconnecting.ts';

/** What goes into one request. A topic takes batches of 1 MiB unless it was told otherwise. */
const batchOf = { events: 500, bytes: 800_000 };

const tooLarge = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE']);

interface Waiting {
  readonly event: CloudEvent;
  readonly body: Buffer;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/**
 * Publishes with an idempotent producer, acknowledged by every replica in sync. One request is under way at a time, with
 * all that came during the one before; after a failure the producer is another one. Both are for the numbers by which the
 * broker recognises what came twice: the client gives those of a failed request to the next one, whose events the broker
 * would take for repetitions of the failed one's and drop.
 */
export function createKafkaPublisher(settings: KafkaSettings): EventPublisher {
  const { place, topic } = settings;
  const waiting: Waiting[] = [];
  let producer: Promise<Producer> | undefined;
  let sending: Promise<void> | undefined;

  async function connect(): Promise<Producer> {
    const [client, { Partitioners }] = await Promise.all([createKafka(settings), import('kafkajs')]);
    await ensureTopic(client, settings);
    const connected = client.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
      retry: { retries: 4 },
    });
    await connected.connect();
    return connected;
  }

  async function discard(): Promise<void> {
    const mine = producer;
    producer = undefined;
    await mine?.then((connected) => connected.disconnect()).catch(() => undefined);
  }

  async function send(batch: readonly Waiting[]): Promise<void> {
    try {
      producer ??= connect();
      await (
        await producer
      ).send({
        topic,
        acks: -1,
        messages: batch.map(({ event, body }) => ({
          key: eventKey(event),
          value: body,
          headers: { 'content-type': eventContentType },
        })),
      });
      for (const { resolve } of batch) resolve();
    } catch (error) {
      await discard();
      if (tooLarge.has(typeOf(error) ?? '') && batch.length > 1) {
        for (const one of batch) await send([one]);
        return;
      }
      for (const { reject } of batch) reject(refusal(error));
    }
  }

  function refusal(error: unknown): Error {
    const cause = causeOf(error);
    if (tooLarge.has(typeOf(error) ?? '')) {
      return new EventRejectedError(413, `${place} refused an event: ${cause}`);
    }
    return new EventSystemError(`events: ${place} did not take an event: ${cause}`);
  }

  async function sendAll(): Promise<void> {
    while (waiting.length > 0) await send(takeBatch(waiting));
    sending = undefined;
  }

  return {
    publish: (event) =>
      new Promise((resolve, reject) => {
        waiting.push({ event, body: writeEvent(event), resolve, reject });
        // What is published in one go travels together.
        sending ??= Promise.resolve().then(sendAll);
      }),
    close: async () => {
      await sending;
      await discard();
    },
  };
}

/** Takes events off the front: at least one, and no more than fit into a request. */
function takeBatch(waiting: Waiting[]): readonly Waiting[] {
  let count = 0;
  let bytes = 0;
  for (const { body } of waiting) {
    bytes += body.length;
    if (count > 0 && (bytes > batchOf.bytes || count >= batchOf.events)) break;
    count += 1;
  }
  return waiting.splice(0, count);
}
