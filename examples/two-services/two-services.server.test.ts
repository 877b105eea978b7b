import { join } from 'node:path';
import { expectNothingLost, runDemo } from './demo-process.ts';

const root = join(__dirname, '../..');

test.each([
  ['', 'shipping'],
  ['--kill orders --orders 1', 'orders'],
])(
  'on what is built in, options "%s"',
  async (options, killed) => {
    expectNothingLost(await runDemo(root, options), killed);
  },
  300_000,
);

test('what cannot be chosen is said with the help', async () => {
  const { code, printed } = await runDemo(root, '--queue pigeon');
  expect(code).toBe(2);
  expect(printed).toContain('--queue: expected one of http, kafka');
  expect(printed).toContain('Usage: npm run demo:two-services');
});
