import { bridgesOnBroker } from './bridges-on-broker.ts';

let count = 0;

bridgesOnBroker({
  name: 'nats',
  newUrl: () => {
    count += 1;
    return `${process.env.PERDURE_TEST_NATS_URL}/bridges-${process.pid}-${count}`;
  },
});
