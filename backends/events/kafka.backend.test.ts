import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { eventSystemConformance } from './conformance.ts';

const given = process.env.PERDURE_TEST_KAFKA_URL ?? '';
let count = 0;

eventSystemConformance({
  name: 'kafka',
  countsDeliveries: false,
  closedUrl: 'kafka://ann:hunter2-secret@127.0.0.1:1/topic',
  newUrl: () => {
    count += 1;
    return `${given}/test-${process.pid}-${count}?partitions=4`;
  },
  async publishForeign(url, { body, contentType, attributes = {} }) {
    const client = new Kafka({ brokers: [new URL(given).host], logLevel: logLevel.NOTHING });
    const producer = client.producer({ createPartitioner: Partitioners.DefaultPartitioner });
    await producer.connect();
    const headers: Record<string, string> = contentType === undefined ? {} : { 'content-type': contentType };
    for (const [name, value] of Object.entries(attributes)) headers[`ce_${name}`] = value;
    const topic = new URL(url).pathname.slice(1);
    await producer.send({ topic, messages: [{ value: Buffer.from(body), headers }] });
    await producer.disconnect();
  },
});
