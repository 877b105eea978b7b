import { describeMessaging } from '../messaging-conformance.ts';

const variable = 'PERDURE_TEST_MQTT_URL';

describeMessaging({ variable, protocol: 'mqtt', hasHeaders: false, redelivers: false });
describeMessaging({ variable, protocol: 'mqtt5', hasHeaders: true, redelivers: false });
