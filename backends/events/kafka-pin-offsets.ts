import type { Admin, Kafka } from 'kafkajs';
import type { KafkaSettings } from './kafka-connection.ts';

interface PartitionOffset {
  readonly partition: number;
  readonly offset: string;
}

/**
 * A group that is new begins where the topic ends now, and this is written down at once: an event that comes before the
 * first commit must not be passed over when the consumer crashes. Fails with the client's errors, and may be repeated.
 */
export async function pinOffsets(
  client: Kafka,
  { topic, from }: Pick<KafkaSettings, 'topic' | 'from'>,
  groupId: string,
): Promise<void> {
  if (from === 'start') return;
  const admin = client.admin();
  await admin.connect();
  try {
    if (await isPinned(admin, topic, groupId)) return;
    const ends = await admin.fetchTopicOffsets(topic);
    const offsets = ends.map(({ partition, high }) => ({ partition, offset: high }));
    await commitAsMember(client, admin, { topic, groupId, offsets });
    if (!(await isPinned(admin, topic, groupId))) {
      throw new Error(`The group ${groupId} did not take its first offsets`);
    }
  } finally {
    await admin.disconnect();
  }
}

async function isPinned(admin: Admin, topic: string, groupId: string): Promise<boolean> {
  const [known] = await admin.fetchOffsets({ groupId, topics: [topic] });
  return known?.partitions.some(({ offset }) => offset !== '-1') === true;
}

/**
 * Joins the group, commits and leaves. The client's own `setOffsets` does the same, and waits for a fetch of five seconds.
 * Whoever does this at the same time is in the group too, or comes later and then sees what was committed.
 */
async function commitAsMember(
  client: Kafka,
  admin: Admin,
  given: { readonly topic: string; readonly groupId: string; readonly offsets: readonly PartitionOffset[] },
): Promise<void> {
  const { topic, groupId, offsets } = given;
  const consumer = client.consumer({
    groupId,
    allowAutoTopicCreation: false,
    maxWaitTimeInMs: 100,
    retry: { retries: 4, restartOnFailure: () => Promise.resolve(false) },
  });
  const joined = Promise.withResolvers<void>();
  // Awaited below, but where something fails before.
  joined.promise.catch(() => undefined);
  consumer.on(consumer.events.GROUP_JOIN, () => joined.resolve());
  consumer.on(consumer.events.CRASH, ({ payload }) => joined.reject(payload.error));
  try {
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: () => Promise.resolve(),
    });
    await joined.promise;
    if (await isPinned(admin, topic, groupId)) return;
    await consumer.commitOffsets(offsets.map((one) => ({ topic, ...one })));
  } finally {
    await consumer.disconnect().catch(() => undefined);
  }
}
