/** A loop over a million items: as many runs as it takes, none of them long, and no memory that grows with them. */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { defaultNamespace } from '../../workflows/contract.ts';
import { apiClient } from '../client.ts';
import { gauge } from '../gauge.ts';
import { startSplitService, type SplitService } from '../split-service.ts';
import { mostEvents, runsOf } from './runs.ts';

const root = join(__dirname, '../..');
const items = 1_000_000;
const mebibyte = 1024 ** 2;
// The worker alone is at 300 MiB. A run holds its collection, 8 MiB, and leaves the like of it behind until V8 collects.
const mostResident = 1024 * mebibyte;
// Of the floor below which memory does not fall. If each run kept its collection, it would be 150 MiB and more.
const mostGrowth = 100 * mebibyte;
// Two things are in an argument of continue-as-new: the definition, and a position that never holds a collection.
const mostHistoryBytes = 100_000;

let service: SplitService;
let connection: Connection;

beforeAll(async () => {
  service = await startSplitService(root);
  connection = await Connection.connect({ address: service.temporalAddress });
}, 180_000);

afterAll(async () => {
  await connection?.close();
  await service?.stop();
});

test('a loop over a million items runs to its end in bounded histories and memory', async () => {
  const worker = await service.startWorker();
  const api = apiClient(service.url);
  const { status } = await api.deploy(`
document: { dsl: '1.0.3', namespace: long, name: million, version: '1.0.0' }
do:
  - loop:
      for: { in: '\${ [range(${items})] }' }
      do:
        - add: { set: { count: '\${ .count + 1 }', sum: '\${ .sum + $item }' } }
`);
  expect(status).toBe(201);
  const { id } = (await api.start({ workflow: 'long/million', input: { count: 0, sum: 0 } })).body;
  const client = new Client({ connection, namespace: defaultNamespace });
  const resident: number[] = [];
  let hasEnded = false;
  const watch = (async () => {
    for (; !hasEnded; await delay(500))
      resident.push(await gauge(worker.url, 'process_resident_memory_bytes'));
  })();
  const output: unknown = await client.workflow
    .getHandle(id)
    .result()
    .finally(() => {
      hasEnded = true;
    });
  await watch;

  expect(output).toEqual({ count: items, sum: (items * (items - 1)) / 2 });
  const runs = await runsOf(client, id);
  // A run ends after 25 turns of 1,000 tasks at most: a replay does all of them again.
  expect(runs.length).toBeGreaterThanOrEqual(items / 25_000);
  expect(Math.max(...runs.map(({ historyLength }) => historyLength))).toBeLessThan(mostEvents);
  expect(Math.max(...runs.map(({ historyBytes }) => historyBytes))).toBeLessThan(mostHistoryBytes);
  expect(Math.max(...resident)).toBeLessThan(mostResident);
  const [first, second] = [
    resident.slice(resident.length / 10, resident.length / 2),
    resident.slice(resident.length / 2),
  ];
  expect(Math.min(...second) - Math.min(...first)).toBeLessThan(mostGrowth);
}, 600_000);
