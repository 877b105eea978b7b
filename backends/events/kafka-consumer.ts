import { setTimeout as delay } from 'node:timers/promises';
import type { Consumer, EachBatchPayload, IHeaders, KafkaMessage } from 'kafkajs';
import { groupParameter } from './broker-url.ts';
import { attributesOf, readEventMessage } from './event-message.ts';
import { createKafka, ensureTopic, isFinalForKafka, typeOf } from './kafka-connection.ts';
import type { KafkaSettings } from './kafka-connection.ts';
import { createKafkaLag } from './kafka-lag.ts';
import { pinOffsets } from './kafka-pin-offsets.ts';
import { createOffsetLedger } from './kafka-offsets.ts';
import type { OffsetLedger } from './kafka-offsets.ts';
import { createKeyedWork } from './keyed-work.ts';
import type { KeyedWork, Lane } from './keyed-work.ts';
import type { Consumption, EventConsumer } from './port.ts';
import { backOff, causeOf, reach } from './reconnecting.ts';
import type { Report } from './reconnecting.ts';
import { createRepeated } from './repeated.ts';

/** Messages of one partition that may be open before no more are fetched of it. */
const window = 1_000;

/**
 * How long the next fetch waits for the handlers of the last one, in milliseconds: mostly nothing is in hand when the
 * group is divided anew, and a handler that takes longer still keeps back its key alone.
 */
const holdMs = 1_000;

/** How long a rebalance waits for handlers that run, in milliseconds; the group waits for 60 s. */
const drainMs = 15_000;

/** A partition that this consumer has. */
interface Partition {
  readonly lane: Lane;
  readonly ledger: OffsetLedger;
}

/**
 * Consumes the topic as a member of the group. Of each partition the messages up to the first that is not done are
 * committed, as soon as they are; what is open is bounded by one fetch more than 1,000 messages a partition. At a
 * rebalance no handler begins, and those that run have 15 seconds to end before their partitions may go to others.
 */
export function createKafkaConsumer(
  settings: KafkaSettings,
  report: Report,
): EventConsumer & { close(): Promise<void> } {
  const running = new Set<Consumption>();
  const closing = new AbortController();
  return {
    consume: async ({ group, concurrency }, handle) => {
      const work = createKeyedWork({ concurrency, handle });
      // Members of one group have to want the same topics.
      const groupId = `${groupParameter(settings.url, group)}.${settings.topic}`;
      const consumption = await start(settings, report, groupId, work, closing.signal);
      running.add(consumption);
      return { ...consumption, stop: () => consumption.stop().finally(() => running.delete(consumption)) };
    },
    close: async () => {
      closing.abort();
      await Promise.all([...running].map((one) => one.stop()));
    },
  };
}

/** A member of the group, from its joining to its end. */
interface Member {
  readonly consumer: Consumer;
  /** Resolves when it has ended by itself, to why. */
  readonly crashed: Promise<unknown>;
}

async function start(
  settings: KafkaSettings,
  report: Report,
  groupId: string,
  work: KeyedWork,
  closing: AbortSignal,
): Promise<Consumption> {
  const { place, topic } = settings;
  const client = await createKafka(settings);
  const stopping = new AbortController();
  const partitions = new Map<number, Partition>();
  /** The one that is in the group. */
  let current: Consumer | undefined;

  async function join(): Promise<Member> {
    const consumer = client.consumer({
      groupId,
      allowAutoTopicCreation: false,
      sessionTimeout: 15_000,
      heartbeatInterval: 3_000,
      maxWaitTimeInMs: 1_000,
      maxBytes: 8 * 1024 * 1024,
      // Who restarts is this file.
      retry: { retries: 4, restartOnFailure: () => Promise.resolve(false) },
    });
    const joined = Promise.withResolvers<void>();
    const crashed = Promise.withResolvers<unknown>();
    // Awaited below, but where something fails before.
    joined.promise.catch(() => undefined);
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      assign(consumer, payload.memberAssignment[topic] ?? []);
      joined.resolve();
    });
    consumer.on(consumer.events.COMMIT_OFFSETS, ({ payload }) => {
      for (const { partition, offset } of payload.topics.flatMap((one) => one.partitions)) {
        partitions.get(partition)?.ledger.committed(offset);
      }
    });
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      work.pause();
      if (current === consumer) current = undefined;
      joined.reject(payload.error);
      crashed.resolve(payload.error);
    });
    try {
      await consumer.connect();
      // Where a group has no offset the partition is newer than the group, or the group wants everything.
      await consumer.subscribe({ topic, fromBeginning: true });
      await consumer.run({
        autoCommit: false,
        partitionsConsumedConcurrently: 1_000,
        eachBatch: async (payload) => {
          const { batch } = payload;
          const partition = partitions.get(batch.partition);
          if (partition === undefined) return;
          const begun = batch.messages.map((message) => take(consumer, batch.partition, partition, message));
          if (partition.ledger.open > window) consumer.pause([{ topic, partitions: [batch.partition] }]);
          await Promise.race([Promise.all(begun), delay(holdMs, undefined, { ref: false })]);
          await payload.heartbeat().catch((reason: unknown) => drain(reason, payload));
        },
      });
      await joined.promise;
      return { consumer, crashed: crashed.promise };
    } catch (error) {
      await consumer.disconnect().catch(() => undefined);
      throw error;
    }
  }

  /** Brings what is at work in line with the partitions that the group gave to this consumer. */
  function assign(consumer: Consumer, assigned: readonly number[]): void {
    for (const [number, { lane }] of partitions) {
      if (assigned.includes(number)) continue;
      partitions.delete(number);
      void lane.drop();
      consumer.resume([{ topic, partitions: [number] }]);
    }
    for (const number of assigned) {
      if (partitions.has(number)) continue;
      partitions.set(number, { lane: work.lane(), ledger: createOffsetLedger() });
    }
    current = consumer;
    work.resume();
    commits.request();
  }

  async function take(
    consumer: Consumer,
    number: number,
    { lane, ledger }: Partition,
    message: KafkaMessage,
  ): Promise<void> {
    const { offset } = message;
    if (!ledger.delivered(offset)) return;
    if (!(await lane.add(readMessage(message), 1))) return;
    ledger.done(offset);
    commits.request();
    if (ledger.open === window / 2) consumer.resume([{ topic, partitions: [number] }]);
  }

  /** Lets what is in hand end before the group is divided anew. */
  async function drain(reason: unknown, { heartbeat }: Pick<EachBatchPayload, 'heartbeat'>): Promise<never> {
    if (typeOf(reason) !== 'REBALANCE_IN_PROGRESS') throw reason;
    work.pause();
    const until = performance.now() + drainMs;
    let isQuiet = false;
    const quiet = work.settled().then(() => (isQuiet = true));
    while (!isQuiet && performance.now() < until) {
      await Promise.race([quiet, delay(1_000, undefined, { ref: false })]);
      await heartbeat().catch(() => undefined);
    }
    await commits.settled();
    throw reason;
  }

  const commits = createRepeated(async () => {
    const offsets = [...partitions].flatMap(([partition, { ledger }]) => {
      const offset = ledger.committable();
      return offset === undefined ? [] : [{ topic, partition, offset }];
    });
    if (offsets.length === 0) return;
    try {
      // That it is done is told by the event: a consumer that is not in the group does nothing, and succeeds.
      await current?.commitOffsets(offsets);
    } catch {
      // Joining the group anew begins a commit, too.
      setTimeout(commits.request, 1_000).unref();
    }
  });

  let member = await reach({
    place,
    attempt: async () => {
      await ensureTopic(client, settings);
      await pinOffsets(client, settings, groupId);
      return await join();
    },
    isFinal: isFinalForKafka,
    signal: closing,
  });
  const lag = createKafkaLag(client, topic, groupId);

  async function keepRunning(): Promise<void> {
    while (!stopping.signal.aborted) {
      const stopped = new Promise((resolve) => stopping.signal.addEventListener('abort', resolve));
      const reason = await Promise.race([member.crashed, stopped]);
      if (stopping.signal.aborted) return;
      report(`events: the connection to ${place} was lost`, causeOf(reason));
      await rejoin();
    }
  }

  async function rejoin(): Promise<void> {
    for (let failures = 0; !stopping.signal.aborted; failures += 1) {
      try {
        await backOff(failures, stopping.signal);
        if (stopping.signal.aborted) return;
        member = await join();
        return report(`events: ${place} is back`, undefined);
      } catch (error) {
        report(`events: ${place} is still away`, causeOf(error));
      }
    }
  }

  const ended = keepRunning();
  return {
    failed: new Promise(() => undefined),
    isConnected: () => current !== undefined,
    lag: () => lag.read(),
    stop: async () => {
      stopping.abort();
      await lag.close();
      await work.stop();
      commits.request();
      await commits.settled();
      await ended;
      await member.consumer.disconnect().catch(() => undefined);
    },
  };
}

function readMessage({ value, headers = {} }: KafkaMessage) {
  const texts = textHeaders(headers);
  const contentType = texts.find(([name]) => name.toLowerCase() === 'content-type')?.[1];
  return readEventMessage({
    body: value ?? new Uint8Array(),
    ...(contentType === undefined ? {} : { contentType }),
    attributes: attributesOf(texts, /^ce_/i, false),
  });
}

/** The last value of a name counts. */
function textHeaders(headers: IHeaders): (readonly [string, string])[] {
  return Object.entries(headers).flatMap(([name, value]): (readonly [string, string])[] => {
    const last = Array.isArray(value) ? value.at(-1) : value;
    return last === undefined ? [] : [[name, String(last)]];
  });
}
