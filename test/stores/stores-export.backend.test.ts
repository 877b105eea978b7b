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
let digest: string;
/** A place in each system that holds all documents. */
const filled = new Map<System, Place>();
/** What a place of each system gave; it goes to all others. */
const exports = new Map<System, string>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'perdure-stores-'));
  const place = await freshPlace(sqlite.url, folder);
  await within(place, async (store) => {
    const all = Array.from({ length: count }, (_, n) => n);
    await Promise.all(all.map((n) => store.put(keyOf(n), valueOf(n), 'absent')));
  });
  filled.set(sqlite, place);
  digest = digestOf(await exported(place));
}, timeoutMs);

afterAll(() => {
  rmSync(folder, { recursive: true });
});

// SQLite's come first, and fill the others.
test.each(pairs)(
  '$from.name to $to.name',
  async ({ from, to }) => {
    const source = filled.get(from);
    if (source === undefined) throw new Error(`${from.name} was not filled`);
    const text = exports.get(from) ?? (await exported(source));
    exports.set(from, text);
    const target = await freshPlace(to.url, folder);
    const { written } = await within(target, (store) =>
      importDocuments(store, Readable.from([Buffer.from(text)])),
    );
    expect(written).toBe(count);
    expect(digestOf(await exported(target))).toBe(digest);
    if (!filled.has(to)) filled.set(to, target);
  },
  timeoutMs,
);

async function exported(place: Place): Promise<string> {
  return await within(place, async (store) => {
    const lines: string[] = [];
    for await (const line of exportLines(store)) lines.push(line);
    return lines.join('');
  });
}

async function within<Result>({ url, data }: Place, use: (store: Store) => Promise<Result>): Promise<Result> {
  const store = await openStore(url, data);
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
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
