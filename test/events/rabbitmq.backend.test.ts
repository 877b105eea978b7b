import { bridgesOnBroker } from './bridges-on-broker.ts';

let count = 0;

bridgesOnBroker({
  name: 'rabbitmq',
  newUrl: () => {
    count += 1;
    return `${process.env.PERDURE_TEST_RABBITMQ_URL}/?exchange=bridges-${process.pid}-${count}`;
  },
});
