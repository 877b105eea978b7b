/** Hours of calls in minutes, with the limits as they are by default. Run by `npm run test:long`. */
import { join } from 'node:path';
import { expectNothingLost } from './expect-nothing-lost.ts';
import { runInterrupted } from './interrupted-loop.ts';

const root = join(__dirname, '../..');

test('a loop of 10,000 calls loses none and makes none anew when its worker is killed five times', async () => {
  const loop = { items: 10_000, kills: 5, seed: Date.now() % 100_000 };
  expectNothingLost(await runInterrupted(root, loop), loop.items);
}, 1_800_000);
