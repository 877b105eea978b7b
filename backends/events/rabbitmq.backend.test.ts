import { connect } from 'amqplib';
import { eventSystemConformance } from './conformance.ts';

const given = process.env.PERDURE_TEST_RABBITMQ_URL ?? '';
const lanes = 4;
let count = 0;

function exchangeOf(url: string): string {
  return new URL(url).searchParams.get('exchange') ?? '';
}

eventSystemConformance({
  name: 'rabbitmq',
  countsDeliveries: true,
  // Version 3.10 writes the list of its quorum queues down a little later; one that it does not know hangs for ever.
  restMs: 3_000,
  closedUrl: 'amqp://ann:hunter2-secret@127.0.0.1:1/',
  newUrl: () => {
    count += 1;
    return `${given}/?exchange=test-${process.pid}-${count}&lanes=${lanes}`;
  },
  async cleanUp(url) {
    const exchange = exchangeOf(url);
    const connection = await connect(given);
    const channel = await connection.createChannel();
    for (const group of ['conformance', 'one', 'other']) {
      for (const lane of [...Array(lanes).keys(), 'others', 'dead']) {
        await channel.deleteQueue(`${exchange}.${group}.${lane}`);
      }
    }
    for (const suffix of ['', '.others', '.dead']) await channel.deleteExchange(exchange + suffix);
    await connection.close();
  },
  async publishForeign(url, { body, contentType, attributes = {} }) {
    const connection = await connect(given);
    const channel = await connection.createConfirmChannel();
    const headers = Object.fromEntries(
      Object.entries(attributes).map(([name, value]) => [`cloudEvents:${name}`, value]),
    );
    channel.publish(exchangeOf(url), 'order.placed', Buffer.from(body), { contentType, headers });
    await channel.waitForConfirms();
    await connection.close();
  },
});
