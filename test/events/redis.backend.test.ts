import { bridgesOnBroker } from './bridges-on-broker.ts';

let count = 0;

bridgesOnBroker({
  name: 'redis',
  newUrl: () => {
    count += 1;
    return `${process.env.PERDURE_TEST_REDIS_URL}/?stream=bridges-${process.pid}-${count}`;
  },
});
