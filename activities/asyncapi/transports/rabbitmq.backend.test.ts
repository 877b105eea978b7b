import { connect } from 'amqplib';
import { describeMessaging } from '../messaging-conformance.ts';

const variable = 'PERDURE_TEST_RABBITMQ_URL';

describeMessaging({
  variable,
  protocol: 'amqp',
  hasHeaders: true,
  redelivers: true,
  channelBindings: { is: 'queue' },
  async prepare(url, address) {
    const connection = await connect(url.href);
    const channel = await connection.createChannel();
    await channel.assertQueue(address, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
    await connection.close();
  },
});
