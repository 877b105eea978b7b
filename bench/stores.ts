/**
 * How many puts, gets, compare-and-sets and pages of scans a second each store does, beside SQLite in the same run: all
 * servers run on this machine, rounds alternate, medians count. Servers are those of `npm run test:backends`; one that
 * is not to be had is left out.
 *
 *     npm run bench:stores [-- --rounds 7 --only postgres,mariadb]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openStore } from '../backends/store/open.ts';
import type { Store } from '../backends/store/port.ts';
import { storeServers } from '../test/servers/index.ts';
import { obtainServer } from '../test/servers/obtain.ts';
import { freshPlace } from '../test/stores/fresh-place.ts';

const usage = `Usage: npm run bench:stores [-- --rounds 7 --only postgres,mariadb]

  --rounds N    rounds of which the median counts (default 7)
  --only NAMES  systems beside SQLite, by commas (default: all that can be had)
  --help        this text`;

/** Calls that are under way at the same time, as the API and the router make them. */
const sideBySide = 8;
/** Documents that are there before, of about a kilobyte each. */
const documents = 2_000;
const value = { text: 'x'.repeat(1_000) };

interface Contender {
  readonly name: string;
  readonly store: Store;
  /** Calls a second of each kind, one number a round. */
  readonly rates: ReadonlyMap<string, number[]>;
}

/** What is measured: so many calls, of which `call` makes the nth. */
interface Kind {
  readonly name: string;
  readonly count: number;
  readonly call: (store: Store, n: number, round: number) => Promise<unknown>;
}

const kinds: readonly Kind[] = [
  {
    name: 'put',
    count: 240,
    call: (store, n, round) => store.put(`put/${round}/${n}`, value, 'absent'),
  },
  { name: 'get', count: 480, call: (store, n) => store.get(keyOf((n * 7) % documents)) },
  {
    name: 'compare-and-set',
    count: 160,
    // No two write one key: what is measured is the way, not how often writers lose.
    async call(store, n) {
      const found = await store.get(keyOf(n));
      const written = found && (await store.put(keyOf(n), { ...value, n }, { version: found.version }));
      if (written === undefined) throw new Error('A compare-and-set was lost');
    },
  },
  {
    name: 'page of 100',
    count: 24,
    async call(store, n) {
      const page = await store.scan(`document/${n % 10}`, { limit: 100 });
      if (page.documents.length !== 100) throw new Error('A page is short');
    },
  },
];

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    only: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) console.log(usage);
else await main(Number(values.rounds), values.only?.split(','));

async function main(rounds: number, only: readonly string[] | undefined): Promise<void> {
  const data = await mkdtemp(join(tmpdir(), 'perdure-bench-'));
  const stops: (() => Promise<void>)[] = [];
  const all = [await contender('sqlite', 'sqlite:', data)];
  try {
    for (const server of storeServers) {
      if (only !== undefined && !only.includes(server.name)) continue;
      const running = await obtainServer(server).catch((error: unknown) => {
        console.log(`${server.name} is left out: ${String(error)}`);
      });
      if (running === undefined) continue;
      stops.push(running.stop);
      all.push(await contender(server.name, running.url, data));
    }
    // The first round warms up.
    for (let round = 0; round <= rounds; round++) {
      for (let place = 0; place < all.length; place++)
        await measure(all[(place + round) % all.length], round);
    }
    print(all);
  } finally {
    for (const { store } of all) await store.close();
    for (const stop of stops) await stop();
    await rm(data, { recursive: true, force: true });
  }
}

async function contender(name: string, url: string, data: string): Promise<Contender> {
  const place = await freshPlace(url, data);
  const store = await openStore(place.url, place.data);
  await rate(documents, (n) => store.put(keyOf(n), value, 'absent'));
  return { name, store, rates: new Map(kinds.map((kind) => [kind.name, []])) };
}

async function measure(one: Contender | undefined, round: number): Promise<void> {
  if (one === undefined) return;
  for (const { name, count, call } of kinds) {
    const calls = await rate(count, (n) => call(one.store, n, round));
    if (round > 0) one.rates.get(name)?.push(calls);
  }
}

/** Makes calls 0 up to `count`, some side by side; resolves to how many a second that were. */
async function rate(count: number, call: (n: number) => Promise<unknown>): Promise<number> {
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let n = next++; n < count; n = next++) await call(n);
  };
  const begun = performance.now();
  await Promise.all(Array.from({ length: sideBySide }, lane));
  return count / ((performance.now() - begun) / 1_000);
}

function keyOf(n: number): string {
  return `document/${String(n % 10)}/${String(n).padStart(6, '0')}`;
}

function print(all: readonly Contender[]): void {
  console.log(`\n| a second, of SQLite's | ${kinds.map(({ name }) => name).join(' | ')} |`);
  console.log(`| --- | ${kinds.map(() => '---').join(' | ')} |`);
  for (const { name, rates } of all) {
    const cells = kinds.map((kind) => {
      const own = rates.get(kind.name) ?? [];
      const base = all[0]?.rates.get(kind.name) ?? [];
      if (name === 'sqlite') return `1 (${twoDigits(median(own))})`;
      return twoDigits(median(own.map((calls, round) => calls / (base[round] ?? Number.NaN))));
    });
    console.log(`| ${name} | ${cells.join(' | ')} |`);
  }
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Two digits count. */
function twoDigits(number: number): string {
  return number >= 10 ? number.toFixed(0) : number.toPrecision(2);
}
