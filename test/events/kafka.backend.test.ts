import { bridgesOnBroker } from './bridges-on-broker.ts';

let count = 0;

bridgesOnBroker({
  name: 'kafka',
  newUrl: () => {
    count += 1;
    return `${process.env.PERDURE_TEST_KAFKA_URL}/bridges-${process.pid}-${count}?partitions=6`;
  },
});
