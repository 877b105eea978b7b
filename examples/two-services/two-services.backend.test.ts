/** Run by `npm run test:backends -- two-services`. The demo starts the servers itself. */
import { join } from 'node:path';
import { expectNothingLost, runDemo } from './demo-process.ts';

const root = join(__dirname, '../..');

test.each([
  '--queue kafka --store-a postgres --store-b mysql --locks redis --discovery consul',
  '--queue rabbitmq --locks zookeeper --discovery etcd',
])(
  '%s',
  async (options) => {
    expectNothingLost(await runDemo(root, options), 'shipping');
  },
  900_000,
);
