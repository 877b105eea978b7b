/** The part of the conformance suite that is about several processes, the first one of a store among them. */
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { openStore } from './open.ts';
import type { StoreUnderTest } from './conformance.ts';

const countUp = `
  const [open, url, data] = process.argv.slice(1);
  const { openStore } = await import(open);
  const store = await openStore(url, data);
  await store.put('count', 0, 'absent');
  for (let done = 0; done < 25; ) {
    const { value, version } = await store.get('count');
    if (await store.put('count', value + 1, { version })) done++;
  }
  await store.close();
`;

/** Declares the tests. */
export function processConformance({ fresh }: Pick<StoreUnderTest, 'fresh'>): void {
  test('four processes that make one new store at the same moment and count up in it lose nothing', async () => {
    const { url, data } = await fresh();
    const args = ['--input-type=module', '-e', countUp, resolve(__dirname, 'open.ts'), url, data];
    await Promise.all(Array.from({ length: 4 }, () => promisify(execFile)(process.execPath, args)));
    const store = await openStore(url, data);
    expect((await store.get('count'))?.value).toBe(100);
    expect((await store.scan('', { limit: 10 })).documents.map(({ key }) => key)).toEqual(['count']);
    await store.close();
  });
}
