/** Everything of a store goes into every other system and comes out as it was, to the byte. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Place } from '../../backends/store/conformance.ts';
import { openStore } from '../../backends/store/open.ts';
import type { Store } from '../../backends/store/port.ts';
import { exportLines, importDocuments } from '../../backends/store/transfer.ts';
import type { Json } from '../../dsl/json.ts';
import { storeServers } from '../servers/index.ts';
import { freshPlace } from './fresh-place.ts';

interface System {
  readonly name: string;
  readonly url: string;
}

const count = 10_000;
const timeoutMs = 900_000;

const named = storeServers.flatMap(({ name, variable }): System[] => {
  const url = process.env[variable];
  return url === undefined ? [] : [{ name, url }];
});
const sqlite: System = { name: 'sqlite', url: 'sqlite:' };
const systems = [sqlite, ...named];
const pairs = systems
  .flatMap((from) => systems.map((to) => ({ from, to })))
  .filter(({ from, to }) => from !== to);

let folder: string;
let original: { readonly place: Place; readonly digest: string };
const filled = new Map<System, Promise<Place>>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'perdure-stores-'));
  const place = await freshPlace(sqlite.url, folder);
  const digest = await within(place, async (store) => {
    const all = Array.from({ length: count }, (_, n) => n);
    await Promise.all(all.map((n) => store.put(keyOf(n), valueOf(n), 'absent')));
    return await digestOf(store);
  });
  original = { place, digest };
  filled.set(sqlite, Promise.resolve(place));
}, timeoutMs);

afterAll(() => {
  rmSync(folder, { recursive: true });
});

test.each(pairs)(
  '$from.name to $to.name',
  async ({ from, to }) => {
    let source = filled.get(from);
    if (source === undefined) filled.set(from, (source = filledPlace(from)));
    const target = await freshPlace(to.url, folder);
    expect(await copy(await source, target)).toBe(count);
    expect(await within(target, digestOf)).toBe(original.digest);
  },
  timeoutMs,
);

async function filledPlace({ url }: System): Promise<Place> {
  const place = await freshPlace(url, folder);
  await copy(original.place, place);
  return place;
}

/** Resolves to how many documents were written. */
async function copy(from: Place, to: Place): Promise<number> {
  return await within(from, (source) =>
    within(to, async (target) => {
      const bytes = Readable.from(exportLines(source)).map((line: string) => Buffer.from(line));
      return (await importDocuments(target, bytes)).written;
    }),
  );
}

async function within<Result>({ url, data }: Place, use: (store: Store) => Promise<Result>): Promise<Result> {
  const store = await openStore(url, data);
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

async function digestOf(store: Store): Promise<string> {
  const digest = createHash('sha256');
  for await (const line of exportLines(store)) digest.update(line);
  return digest.digest('hex');
}

const hostile = [
  '\u0000',
  '\u2028',
  "'; DROP TABLE",
  '"\\',
  '\u{1f4a9}',
  '\uffff',
  ' ',
  '%_',
  'e\u0301',
  '\u202e',
];

function keyOf(n: number): string {
  return `${n % 7 === 0 ? 'definition' : `inbox/t-${n % 5}`}/${hostile[n % hostile.length]}${n}`;
}

function valueOf(n: number): Json {
  if (n % 2_500 === 0) return 'x'.repeat(1024 * 1024);
  const text = `${hostile[(n * 3) % hostile.length]}\ud800`;
  return { n, text, list: [n / 3, null, { $set: true, 'a.b': [] }] };
}
