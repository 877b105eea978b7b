import { describeMessaging } from '../messaging-conformance.ts';

describeMessaging({
  variable: 'PERDURE_TEST_REDIS_URL',
  protocol: 'redis',
  hasHeaders: false,
  redelivers: false,
});
