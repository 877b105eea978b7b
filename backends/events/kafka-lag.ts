import type { Admin, Kafka } from 'kafkajs';

/** How many messages of a topic a group has not committed yet. */
export interface KafkaLag {
  /** Fails with the client's errors while the cluster does not answer. */
  read(): Promise<number>;
  close(): Promise<void>;
}

/** Asks over a connection of its own, which is opened by the first question and again after one that failed. */
export function createKafkaLag(client: Kafka, topic: string, groupId: string): KafkaLag {
  let connecting: Promise<Admin> | undefined;

  async function connect(): Promise<Admin> {
    const admin = client.admin();
    await admin.connect();
    return admin;
  }

  async function close(): Promise<void> {
    const mine = connecting;
    connecting = undefined;
    await mine?.then((admin) => admin.disconnect()).catch(() => undefined);
  }

  return {
    async read() {
      connecting ??= connect();
      try {
        const admin = await connecting;
        const [[committed], ends] = await Promise.all([
          admin.fetchOffsets({ groupId, topics: [topic] }),
          admin.fetchTopicOffsets(topic),
        ]);
        const begun = new Map(committed?.partitions.map(({ partition, offset }) => [partition, offset]));
        return ends.reduce((sum, { partition, low, high }) => {
          const offset = begun.get(partition) ?? '-1';
          // Where nothing is committed the group begins with the oldest message that is there; so it does where what it
          // committed has been deleted since.
          const from = Math.max(Number(offset), Number(low));
          return sum + Math.max(0, Number(high) - from);
        }, 0);
      } catch (error) {
        await close();
        throw error;
      }
    },
    close,
  };
}
