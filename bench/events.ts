/**
 * `npm run bench:events`: proves that each event is acted on exactly once while bridges are killed and the broker is
 * restarted, and measures what open subscriptions cost the bridge. Fails where an event is lost, doubled or out of order,
 * or where 10,000 open subscriptions cost more than 1.3 times what 10 cost.
 *
 *     npm run bench:events -- --events URL --count 100000 --executions 1000 --kill-bridge 10
 *     npm run bench:events -- --server kafka --count 100000 --executions 1000 --page 20 --burst 20 --concurrency 400 \
 *       --kill-bridge 10 --restart-broker 2 --only proof
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { staysInProcess } from '../backends/events/open.ts';
import { testServers } from '../test/servers/index.ts';
import { measureBridge } from './events/bridge-cost.ts';
import { proveExactlyOnce } from './events/proof.ts';

const highestRatio = 1.3;

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: 'memory:' },
    /** Starts a broker instead, by its name in test/servers; only such a one can be restarted. */
    server: { type: 'string' },
    count: { type: 'string', default: '2000' },
    executions: { type: 'string', default: '50' },
    /** Events that an execution enters into the ledger with one request. */
    page: { type: 'string', default: '1' },
    /** Events of a line that come one right after the other, at most. */
    burst: { type: 'string', default: '1' },
    /** The setting bridge.concurrency. */
    concurrency: { type: 'string', default: '100' },
    /** Bridges in processes of their own; unless given 2, and for memory: one process for everything. */
    bridges: { type: 'string' },
    'kill-bridge': { type: 'string', default: '0' },
    'restart-broker': { type: 'string', default: '0' },
    repeated: { type: 'string', default: '0.01' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e9)) },
    /** Only one of the two. */
    only: { type: 'string' },
  },
});
const root = join(import.meta.dirname, '..');
const print = (line: string): void => console.log(line);
const folder = await mkdtemp(join(tmpdir(), 'perdure-broker-'));
const broker = values.server === undefined ? undefined : await startBroker(values.server);
try {
  if (values.only !== 'cost') await prove();
  if (values.only !== 'proof') await measure();
} finally {
  await broker?.stop();
  await rm(folder, { recursive: true, force: true });
}

async function prove(): Promise<void> {
  const events = broker?.url ?? values.events;
  const { verdict, completed, deadLetters, perSecond, bridgeCpuMs } = await proveExactlyOnce({
    root,
    events,
    count: Number(values.count),
    executions: Number(values.executions),
    page: Number(values.page),
    burst: Number(values.burst),
    concurrency: Number(values.concurrency),
    bridges: Number(values.bridges ?? (staysInProcess(events) ? 0 : 2)),
    kills: Number(values['kill-bridge']),
    restarts: Number(values['restart-broker']),
    restartBroker,
    repeated: Number(values.repeated),
    seed: Number(values.seed),
    print,
  });
  const { entries, repeated, twice, missing, outOfOrder } = verdict;
  print(
    `${entries} events in the ledger, ${perSecond.toFixed(0)} a second, ${completed} executions completed`,
  );
  print(`${bridgeCpuMs.toFixed(2)} ms CPU for each event in the processes with a bridge`);
  print(`${repeated} requests came again under the key that they had`);
  const wrong = { twice, missing, outOfOrder };
  for (const [what, found] of Object.entries(wrong)) {
    print(`${what}: ${found.length}${found.length === 0 ? '' : ` ${JSON.stringify(found.slice(0, 20))}`}`);
  }
  print(`dead letters: ${deadLetters}`);
  const isProved =
    Object.values(wrong).every((found) => found.length === 0) &&
    deadLetters === 0 &&
    completed === Number(values.executions);
  print(isProved ? 'each event was acted on exactly once, in order' : `NOT proved, seed ${values.seed}`);
  if (!isProved) process.exitCode = 1;
}

async function measure(): Promise<void> {
  const { few, many, ratio } = await measureBridge({ root, print });
  for (const { subscriptions, cpuMs, perSecond } of [few, many]) {
    print(
      `${subscriptions} open: ${cpuMs.toFixed(2)} ms CPU for each event, ${perSecond.toFixed(0)} a second`,
    );
  }
  print(`ratio ${ratio.toFixed(2)}, at most ${highestRatio}`);
  if (ratio > highestRatio) process.exitCode = 1;
}

async function startBroker(name: string) {
  const server = testServers.find((one) => one.name === name);
  if (server === undefined || !('start' in server)) throw new Error(`There is no server ${name}`);
  print(`starting ${name}`);
  return await server.start(folder);
}

interface Restartable {
  readonly kill: () => Promise<void>;
  readonly start: () => Promise<void>;
}

function isRestartable(server: object): server is Restartable {
  return 'kill' in server && 'start' in server;
}

/** As when its machine lost power and came back. */
async function restartBroker(): Promise<void> {
  if (broker === undefined || !isRestartable(broker)) {
    throw new Error('Only a broker that --server starts can be restarted');
  }
  await broker.kill();
  await broker.start();
}
