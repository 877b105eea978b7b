/** The proof of bench/events.ts on a small scale: the service is killed while events come, and comes back. */
import { join } from 'node:path';
import { proveExactlyOnce } from '../../bench/events/proof.ts';

test('each event is acted on exactly once, in order, while the service is killed three times', async () => {
  const lines: string[] = [];
  const proof = await proveExactlyOnce({
    root: join(__dirname, '../..'),
    events: 'memory:',
    count: 240,
    executions: 8,
    page: 1,
    burst: 1,
    concurrency: 100,
    bridges: 0,
    kills: 3,
    restarts: 0,
    restartBroker: async () => undefined,
    repeated: 0.05,
    seed: 20_261_126,
    print: (line) => void lines.push(line),
  });
  const { entries, twice, missing, outOfOrder } = proof.verdict;
  const { completed, deadLetters } = proof;
  expect({ entries, twice, missing, outOfOrder, completed, deadLetters, lines }).toEqual({
    entries: 240,
    twice: [],
    missing: [],
    outOfOrder: [],
    completed: 8,
    deadLetters: 0,
    lines: expect.any(Array) as string[],
  });
}, 600_000);
