import { describeMessaging } from '../messaging-conformance.ts';

describeMessaging({
  variable: 'PERDURE_TEST_NATS_URL',
  protocol: 'nats',
  hasHeaders: true,
  redelivers: false,
});
