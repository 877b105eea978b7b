import { help, readOptions } from './options.ts';

test('the defaults need no server', () => {
  const { queue, storeA, storeB, locks, discovery, kill, orders } = readOptions([]) ?? {};
  for (const choice of [queue, storeA, storeB, locks, discovery]) expect(choice?.server).toBeUndefined();
  expect([kill, orders]).toEqual(['shipping', 3]);
});

test('every system can be chosen', () => {
  const options = readOptions(
    '--queue kafka --store-a postgres --store-b mysql --locks redis --discovery consul --kill orders'.split(
      ' ',
    ),
  );
  expect(options?.queue.server?.name).toBe('kafka');
  expect(options?.storeB.server?.name).toBe('mariadb');
  expect(options?.kill).toBe('orders');
});

test.each([
  [['--queue', 'pigeon'], '--queue: expected one of http, kafka, rabbitmq, nats, redis, found "pigeon"'],
  [['--orders', '0'], '--orders: expected a whole number from 1 to 50, found "0"'],
  [['--colour', 'red'], "Unknown option '--colour'"],
])('%j is refused', (args, message) => {
  expect(() => readOptions(args)).toThrow(message);
});

test('help names every option', () => {
  expect(readOptions(['--help'])).toBeUndefined();
  for (const option of ['queue', 'store-a', 'store-b', 'locks', 'discovery', 'kill', 'orders', 'verbose'])
    expect(help).toContain(`--${option} `);
});
