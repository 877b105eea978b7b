import { createOffsetLedger } from './kafka-offsets.ts';

test('commits of a partition wait for the messages before', async () => {
  const commits: string[] = [];
  const ledger = createOffsetLedger((partition, offset) => {
    commits.push(`${partition}:${offset}`);
    return Promise.resolve();
  });
  for (const offset of ['7', '8', '10']) ledger.delivered(0, offset);
  ledger.delivered(1, '3');
  await ledger.acknowledged(0, '8');
  expect(commits).toEqual([]);
  await ledger.acknowledged(0, '7');
  await ledger.acknowledged(1, '3');
  await ledger.acknowledged(0, '10');
  await ledger.acknowledged(0, '10');
  expect(commits).toEqual(['0:9', '1:4', '0:11']);
});
