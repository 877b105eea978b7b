import { once } from 'node:events';
import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib';
import { groupParameter } from './broker-url.ts';
import { attributesOf, readEventMessage } from './event-message.ts';
import { fairShare } from './event-lanes.ts';
import { createKeyedWork } from './keyed-work.ts';
import type { KeyedWork, Lane } from './keyed-work.ts';
import type { Consumption, EventConsumer } from './port.ts';
import { connectRabbitmq, declareExchanges, exchangesOf, isFinalForRabbitmq } from './rabbitmq-connection.ts';
import type { RabbitmqSettings } from './rabbitmq-connection.ts';
import { backOff, causeOf, reach } from './reconnecting.ts';
import type { Report } from './reconnecting.ts';

/** How often a consumer looks whether it keeps more lanes than its share, in milliseconds. */
const balanceEveryMs = 2_000;

/** A queue, and this consumer's place at it. */
interface Place {
  readonly queue: string;
  readonly routingKey?: string;
  channel?: Channel;
  lane?: Lane;
  /** The broker has handed messages over: this is the queue's active consumer. */
  isActive: boolean;
}

/** One connection and all that is consumed by it. */
interface Session {
  readonly connection: ChannelModel;
  /** Has a consumer of the queue by which members are counted. */
  readonly membership: Channel;
  /** Aborts when the connection has ended. */
  readonly ended: AbortSignal;
}

/**
 * Consumes the queues of a group. Of each queue at most `concurrency` messages are taken, so that what waits of a key can
 * be handed over together. Deliveries are counted by the broker, a crash and a lost connection included.
 *
 * The consumer that comes first gets every queue. So that the others get their share, who sees others wait gives up what
 * is over its own: it finishes what it has in hand of a queue and stands in line there again.
 */
export function createRabbitmqConsumer(
  settings: RabbitmqSettings,
  report: Report,
): EventConsumer & { close(): Promise<void> } {
  const running = new Set<Consumption>();
  const closing = new AbortController();
  return {
    consume: async ({ group, concurrency }, handle) => {
      const work = createKeyedWork({ concurrency, handle });
      const named = groupParameter(settings.url, group);
      const consumption = await start({
        settings,
        report,
        group: named,
        concurrency,
        work,
        closing: closing.signal,
      });
      running.add(consumption);
      return { ...consumption, stop: () => consumption.stop().finally(() => running.delete(consumption)) };
    },
    close: async () => {
      closing.abort();
      await Promise.all([...running].map((one) => one.stop()));
    },
  };
}

interface Consuming {
  readonly settings: RabbitmqSettings;
  readonly report: Report;
  readonly group: string;
  readonly concurrency: number;
  readonly work: KeyedWork;
  readonly closing: AbortSignal;
}

async function start({
  settings,
  report,
  group,
  concurrency,
  work,
  closing,
}: Consuming): Promise<Consumption> {
  const { place } = settings;
  const stopping = new AbortController();
  const places = placesOf(settings, group);
  const membersQueue = `${settings.exchange}.${group}.members`;

  async function openSession(): Promise<Session> {
    const connection = await connectRabbitmq(settings);
    const end = new AbortController();
    connection.on('close', () => end.abort());
    try {
      await declareQueues(connection, settings, group, places);
      const membership = await connection.createChannel();
      membership.on('error', () => undefined);
      // Gets no messages: its consumers are what is counted. A queue with one active consumer does not tell of the others.
      await membership.assertQueue(membersQueue, { durable: true, autoDelete: true });
      await membership.consume(membersQueue, () => undefined);
      const opened = { connection, membership, ended: end.signal };
      for (const one of places) await take(opened, one);
      return opened;
    } catch (error) {
      await connection.close().catch(() => undefined);
      throw error;
    }
  }

  /** Stands in line at a queue. */
  async function take(opened: Session, one: Place): Promise<void> {
    const channel = await opened.connection.createChannel();
    const lane = work.lane();
    Object.assign(one, { lane, isActive: false });
    channel.on('error', (error: Error) =>
      report(`events: ${place} closed the channel of ${one.queue}`, error.message),
    );
    channel.on('close', () => {
      void lane.drop();
      // Closed by the broker, such as when an event was in hand for longer than it waits.
      if (one.channel === channel) void again(opened, one);
    });
    await channel.prefetch(concurrency);
    await channel.consume(one.queue, (message) => {
      // Without a message the queue has been deleted.
      if (message === null) return void channel.close().catch(() => undefined);
      one.isActive = true;
      const { content, attempt } = readMessage(message);
      void lane.add(content, attempt).then((isDone) => {
        if (isDone) acknowledge(channel, message);
      });
    });
    one.channel = channel;
  }

  async function again(opened: Session, one: Place): Promise<void> {
    one.channel = undefined;
    // The successor of a connection that has ended takes every queue.
    const over = AbortSignal.any([opened.ended, stopping.signal]);
    for (let failures = 0; ; failures += 1) {
      await backOff(failures, over);
      if (over.aborted) return;
      try {
        await declareQueues(opened.connection, settings, group, [one]);
        return await take(opened, one);
      } catch (error) {
        report(`events: ${place} does not let ${one.queue} be consumed`, causeOf(error));
      }
    }
  }

  /** Leaves a queue to whoever waits for it: what was not begun goes back in its order. */
  async function leave(opened: Session, one: Place): Promise<void> {
    const { channel, lane } = one;
    one.channel = undefined;
    await lane?.drop();
    await channel?.close().catch(() => undefined);
    await take(opened, one).catch(() => again(opened, one));
  }

  async function balance(opened: Session): Promise<void> {
    const kept = places.filter(({ isActive, channel }) => isActive && channel !== undefined);
    const { consumerCount } = await opened.membership.checkQueue(membersQueue);
    const surplus = kept.length - fairShare(places.length, consumerCount);
    if (surplus <= 0) return;
    const idlest = kept.toSorted((one, other) => (one.lane?.size ?? 0) - (other.lane?.size ?? 0));
    for (const one of idlest.slice(0, surplus)) await leave(opened, one);
  }

  let session = await reach({
    place,
    attempt: openSession,
    isFinal: isFinalForRabbitmq,
    signal: closing,
  });

  async function keepRunning(): Promise<void> {
    while (!stopping.signal.aborted) {
      const { ended } = session;
      let isBalancing = false;
      const balancing = setInterval(() => {
        if (isBalancing || stopping.signal.aborted) return;
        isBalancing = true;
        // The next round tries again.
        void balance(session)
          .catch(() => undefined)
          .finally(() => (isBalancing = false));
      }, balanceEveryMs);
      if (!ended.aborted) await once(ended, 'abort');
      clearInterval(balancing);
      for (const one of places) one.channel = undefined;
      if (stopping.signal.aborted) return;
      report(`events: the connection to ${place} was lost`, undefined);
      await reconnect();
    }
  }

  async function reconnect(): Promise<void> {
    for (let failures = 0; !stopping.signal.aborted; failures += 1) {
      try {
        await backOff(failures, stopping.signal);
        if (stopping.signal.aborted) return;
        session = await openSession();
        return report(`events: ${place} is back`, undefined);
      } catch (error) {
        report(`events: ${place} is still away`, causeOf(error));
      }
    }
  }

  /** What lies in the queues, and what is in hand here. */
  async function lag(): Promise<number> {
    const channel = await session.connection.createChannel();
    channel.on('error', () => undefined);
    try {
      let count = 0;
      for (const { queue, lane } of places) {
        const { messageCount } = await channel.checkQueue(queue);
        count += messageCount + (lane?.size ?? 0);
      }
      return count;
    } finally {
      await channel.close().catch(() => undefined);
    }
  }

  const ended = keepRunning();
  return {
    failed: new Promise(() => undefined),
    isConnected: () => !session.ended.aborted,
    lag,
    stop: async () => {
      stopping.abort();
      await work.stop();
      // A channel is closed behind its acknowledgements; a connection would be before them.
      for (const one of places) {
        const { channel } = one;
        one.channel = undefined;
        await channel?.close().catch(() => undefined);
      }
      await session.connection.close().catch(() => undefined);
      await ended;
      // One that was being opened meanwhile.
      await session.connection.close().catch(() => undefined);
    },
  };
}

function placesOf({ exchange, lanes }: RabbitmqSettings, group: string): Place[] {
  const numbered = Array.from({ length: lanes }, (_, lane) => ({
    queue: `${exchange}.${group}.${lane}`,
    routingKey: String(lane),
    isActive: false,
  }));
  return [...numbered, { queue: `${exchange}.${group}.others`, isActive: false }];
}

/** Makes the group's queues, and the one for its dead letters. They stay as they are where they exist. */
async function declareQueues(
  connection: ChannelModel,
  settings: RabbitmqSettings,
  group: string,
  places: readonly Place[],
): Promise<void> {
  const { events, others, dead } = exchangesOf(settings);
  await declareExchanges(connection, settings);
  const channel = await connection.createChannel();
  // Its error is that of the call that failed.
  channel.on('error', () => undefined);
  await channel.assertExchange(dead, 'direct', { durable: true });
  const letters = `${events}.${group}.dead`;
  await channel.assertQueue(letters, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
  await channel.bindQueue(letters, dead, group);
  for (const { queue, routingKey } of places) {
    await channel.assertQueue(queue, {
      durable: true,
      arguments: {
        'x-queue-type': 'quorum',
        'x-single-active-consumer': true,
        // With a limit, what comes back takes its old place in the queue; without, newer brokers put it at the end.
        'x-delivery-limit': settings.deliveryLimit,
        'x-dead-letter-exchange': dead,
        'x-dead-letter-routing-key': group,
        'x-dead-letter-strategy': 'at-least-once',
        'x-overflow': 'reject-publish',
      },
    });
    if (routingKey === undefined) await channel.bindQueue(queue, others, '');
    else await channel.bindQueue(queue, events, routingKey);
  }
  await channel.close();
}

function readMessage({ content, fields, properties }: ConsumeMessage) {
  const headers: Readonly<Record<string, unknown>> = properties.headers ?? {};
  const contentType: unknown = properties.contentType;
  const count = headers['x-delivery-count'];
  const texts = Object.entries(headers).flatMap(([name, value]): (readonly [string, string])[] =>
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
      ? [[name, String(value)]]
      : [],
  );
  return {
    content: readEventMessage({
      body: content,
      ...(typeof contentType === 'string' ? { contentType } : {}),
      attributes: attributesOf(texts, /^(?:cloudEvents[:_]|ce-)/i, false),
    }),
    attempt: 1 + (typeof count === 'number' ? count : Number(fields.redelivered)),
  };
}

function acknowledge(channel: Channel, message: ConsumeMessage): void {
  try {
    channel.ack(message);
  } catch {
    // The channel has ended: the event comes again.
  }
}
