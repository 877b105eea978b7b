/** The smaller sister of ten-thousand-calls.long.test.ts: as many runs, since they are shorter, and two kills. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectNothingLost } from './expect-nothing-lost.ts';
import { runInterrupted } from './interrupted-loop.ts';

const root = join(__dirname, '../..');

test('a loop of 600 calls loses none and makes none anew when its worker is killed twice', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'perdure-config-'));
  try {
    const config = join(folder, 'config.yaml');
    await writeFile(config, 'limits: { historyEvents: 300 }\n');
    const loop = { items: 600, kills: 2, seed: Date.now() % 100_000, env: { PERDURE_CONFIG: config } };
    expectNothingLost(await runInterrupted(root, loop), loop.items);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 300_000);
