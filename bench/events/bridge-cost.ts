/** What the bridge costs for each event, with few and with many open subscriptions. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@temporalio/client';
import { createSubscriptions } from '../../backends/events/subscriptions.ts';
import { openStore } from '../../backends/store/open.ts';
import { connectClient } from '../../temporal/connect.ts';
import { startDevServer } from '../../temporal/dev-server.ts';
import { findTemporalCli } from '../../temporal/find-cli.ts';
import { ensureNamespace } from '../../temporal/namespace.ts';
import type { CloudEvent } from '../../workflows/contract.ts';

export interface BridgeCost {
  readonly subscriptions: number;
  /** CPU time of the bridge's process for each event, in milliseconds; the median of the rounds. */
  readonly cpuMs: number;
  readonly perSecond: number;
}

export interface BridgeCosts {
  readonly few: BridgeCost;
  readonly many: BridgeCost;
  readonly ratio: number;
}

/** What a bridge's process answers. */
export interface RoundDone {
  readonly cpuMs: number;
  readonly ms: number;
}

const namespace = 'bench';
/** Executions that the events are for; all other subscriptions wait for events that do not come. */
const targets = 10;
const rounds = 7;
const eventsOfRound = 1_000;

/** Runs the same events through two bridges in turns. */
export async function measureBridge({
  root,
  print,
}: {
  readonly root: string;
  readonly print: (line: string) => void;
}): Promise<BridgeCosts> {
  const folder = await mkdtemp(join(tmpdir(), 'perdure-bridge-cost-'));
  const executable = await findTemporalCli({ root, env: process.env, progress: print });
  const server = await startDevServer({ executable, data: folder, port: 0, uiPort: 0, warn: print });
  const connection = await connectClient({ address: server.address, tls: false });
  const bridges: ChildProcess[] = [];
  try {
    await ensureNamespace(connection, { namespace, retentionDays: 1 }, print);
    const client = new Client({ connection, namespace });
    const measured: {
      readonly subscriptions: number;
      readonly bridge: ChildProcess;
      readonly done: RoundDone[];
    }[] = [];
    for (const subscriptions of [10, 10_000]) {
      const data = join(folder, String(subscriptions));
      await mkdir(data);
      await subscribe(client, data, subscriptions);
      const bridge = fork(join(root, 'bench/events/bridge-process.ts'), [server.address, namespace, data]);
      bridges.push(bridge);
      await once(bridge, 'message');
      measured.push({ subscriptions, bridge, done: [] });
    }
    // The first round warms up what is compiled and cached.
    for (let nth = 0; nth <= rounds; nth++) {
      for (const { subscriptions, bridge, done } of nth % 2 === 0 ? measured : measured.toReversed()) {
        const one = await round(bridge, subscriptions, nth);
        if (nth > 0) done.push(one);
      }
    }
    const [few, many] = measured.map(({ subscriptions, done }) => ({
      subscriptions,
      cpuMs: median(done.map(({ cpuMs }) => cpuMs / eventsOfRound)),
      perSecond: median(done.map(({ ms }) => (1_000 * eventsOfRound) / ms)),
    }));
    if (few === undefined || many === undefined) throw new Error('nothing was measured');
    return { few, many, ratio: many.cpuMs / few.cpuMs };
  } finally {
    for (const bridge of bridges) {
      bridge.disconnect();
      await once(bridge, 'exit');
    }
    await connection.close();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Executions that nobody works on, with a subscription each; and as many more subscriptions as there shall be. */
async function subscribe(client: Client, data: string, count: number): Promise<void> {
  const store = await openStore('sqlite:perdure.db', data);
  const subscriptions = createSubscriptions(store);
  for (let n = 0; n < count; n++) {
    const workflowId = `of-${count}-${n}`;
    if (n < targets) await client.workflow.start('nobody', { workflowId, taskQueue: 'nobody' });
    const route = { type: 'bench.event', where: [{ from: '.data.line', value: String(n) }] };
    await subscriptions.add([route], { kind: 'execution', workflowId, seed: '', path: '/do/0', listener: 1 });
  }
  await store.close();
}

async function round(bridge: ChildProcess, subscriptions: number, nth: number): Promise<RoundDone> {
  const events = Array.from({ length: eventsOfRound }, (_, n): CloudEvent => {
    const line = n % targets;
    return {
      specversion: '1.0',
      id: `${subscriptions}-${nth}-${n}`,
      source: '/bench',
      type: 'bench.event',
      partitionkey: `line-${line}`,
      data: { line, filler: 'x'.repeat(200) },
    };
  });
  bridge.send(events);
  const [done] = (await once(bridge, 'message')) as [RoundDone];
  return done;
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
