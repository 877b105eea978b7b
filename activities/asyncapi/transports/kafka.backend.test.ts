import { Kafka, logLevel } from 'kafkajs';
import { describeMessaging } from '../messaging-conformance.ts';

describeMessaging({
  variable: 'PERDURE_TEST_KAFKA_URL',
  protocol: 'kafka',
  hasHeaders: true,
  redelivers: true,
  async prepare(url, address) {
    const admin = new Kafka({ brokers: [url.host], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    // One partition, since the order of messages without a key is that of their partition.
    await admin.createTopics({ topics: [{ topic: address, numPartitions: 1 }], waitForLeaders: true });
    await admin.disconnect();
  },
});
