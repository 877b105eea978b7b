import { describeMessaging } from '../messaging-conformance.ts';

describeMessaging({
  variable: 'PERDURE_TEST_KAFKA_URL',
  protocol: 'kafka',
  hasHeaders: true,
  redelivers: true,
});
