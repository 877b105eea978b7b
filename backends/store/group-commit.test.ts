import { DatabaseSync } from 'node:sqlite';
import { groupCommit } from './group-commit.ts';

test('what was asked for behind a write that fails is not made either, however many transactions that are', async () => {
  const database = new DatabaseSync(':memory:');
  database.exec('CREATE TABLE numbers (n INTEGER)');
  const insert = database.prepare('INSERT INTO numbers VALUES (?)');
  const commits = groupCommit(database);
  const write = (n: number, isBroken: boolean): Promise<unknown> =>
    commits.write(() => {
      if (isBroken) throw new Error('broken');
      return insert.run(n);
    });
  const outcomes = await Promise.allSettled(Array.from({ length: 900 }, (_, n) => write(n, n === 300)));
  const made = outcomes.flatMap(({ status }, n) => (status === 'fulfilled' ? [n] : []));
  expect(made).toEqual(Array.from({ length: made.length }, (_, n) => n));
  expect(made.length).toBeGreaterThan(0);
  expect(made.length).toBeLessThan(301);
  expect(database.prepare('SELECT count(*) AS count FROM numbers').get()).toEqual({ count: made.length });
  expect(await write(1_000, false)).toMatchObject({ changes: 1 });
  database.close();
});
