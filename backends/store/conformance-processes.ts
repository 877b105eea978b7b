/** The part of the conformance suite that is about several processes, the first ones of a store among them. */
import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { openStore } from './open.ts';
import type { Place, StoreUnderTest } from './conformance.ts';

/** Says when it is ready for the next place, and opens that when it is told to. */
const openAndCountUp = `
  const { once } = await import('node:events');
  const [open, places] = process.argv.slice(1);
  const { openStore } = await import(open);
  for (const { url, data } of JSON.parse(places)) {
    process.stdout.write('.');
    await once(process.stdin, 'data');
    const store = await openStore(url, data);
    await store.put('count', 0, 'absent');
    for (let done = 0; done < 25; ) {
      const { value, version } = await store.get('count');
      if (await store.put('count', value + 1, { version })) done++;
    }
    await store.close();
  }
  process.exit();
`;

type OpeningProcess = ChildProcessByStdio<Writable, Readable, Readable>;

/** Declares the tests. */
export function processConformance({ fresh }: Pick<StoreUnderTest, 'fresh'>): void {
  test('four processes that make a new store at the same moment and count up in it lose nothing', async () => {
    // Loading the client takes longer than making tables: it is the second store that all make at once.
    const places = [await fresh(), await fresh()];
    const processes = Array.from({ length: 4 }, () => startProcess(places));
    const ends = Promise.all(processes.map(endOf));
    const lead = async (): Promise<void> => {
      for (const _ of places) {
        await Promise.all(processes.map(({ stdout }) => once(stdout, 'data')));
        for (const { stdin } of processes) stdin.write('.');
      }
    };
    try {
      await Promise.race([ends, lead()]);
      await ends;
    } finally {
      for (const child of processes) child.kill();
    }
    for (const { url, data } of places) {
      const store = await openStore(url, data);
      expect((await store.get('count'))?.value).toBe(100);
      expect((await store.scan('', { limit: 10 })).documents.map(({ key }) => key)).toEqual(['count']);
      await store.close();
    }
  });
}

function startProcess(places: readonly Place[]): OpeningProcess {
  const args = [
    '--input-type=module',
    '-e',
    openAndCountUp,
    resolve(__dirname, 'open.ts'),
    JSON.stringify(places),
  ];
  return spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'pipe'] });
}

/** Fails with what the process said, unless it ended well. */
async function endOf(child: OpeningProcess): Promise<void> {
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`A process ended with ${code}: ${said}`);
}
