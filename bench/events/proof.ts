/**
 * The proof that each event is acted on exactly once: events in lines, one execution that listens to each line and enters
 * what it hears into an outside ledger, while bridges are killed and the broker is restarted. In the end the ledger has
 * each event once, and each line in order.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '@temporalio/client';
import { openStore } from '../../backends/store/open.ts';
import { connectClient } from '../../temporal/connect.ts';
import { startDevServer } from '../../temporal/dev-server.ts';
import { findTemporalCli } from '../../temporal/find-cli.ts';
import { apiClient } from '../../test/client.ts';
import { defaultNamespace } from '../../workflows/contract.ts';
import { startFleet } from './fleet.ts';
import type { Fleet } from './fleet.ts';
import { openLedger } from './ledger.ts';
import type { Ledger, Verdict } from './ledger.ts';
import { sendLines } from './send-lines.ts';
import { openSender } from './senders.ts';
import { makeTrouble } from './trouble.ts';

export interface ProofOptions {
  /** The project's folder, absolute. */
  readonly root: string;
  /** As the setting `events` names it. */
  readonly events: string;
  readonly count: number;
  readonly executions: number;
  /** Events that an execution enters into the ledger with one request. */
  readonly page: number;
  /** Events of a line that are sent one right after the other, at most. */
  readonly burst: number;
  /** The setting `bridge.concurrency`. */
  readonly concurrency: number;
  /** Bridges in processes of their own; 0 runs everything in one process. */
  readonly bridges: number;
  /** How often one of them is killed. */
  readonly kills: number;
  /** How often the broker is restarted, and how. */
  readonly restarts: number;
  readonly restartBroker: () => Promise<void>;
  /** Part of the events that come twice. */
  readonly repeated: number;
  readonly seed: number;
  /** Gets a line for a person now and then. */
  readonly print: (line: string) => void;
}

export interface Proof {
  readonly verdict: Verdict;
  /** Executions that completed. */
  readonly completed: number;
  readonly deadLetters: number;
  /** Events a second from the first that was sent to the last in the ledger. */
  readonly perSecond: number;
  /** CPU time of the processes with a bridge for each event, in milliseconds. */
  readonly bridgeCpuMs: number;
}

/** Without a new entry for so long it is over. */
const stalledMs = 180_000;

/** Executions that are started side by side. */
const starts = 8;

/** Runs the proof. What it finds is for the caller to judge; it fails only where it cannot be run. */
export async function proveExactlyOnce(options: ProofOptions): Promise<Proof> {
  const { root, count, executions, print, seed, bridges } = options;
  const eventsOfLine = Math.floor(count / executions);
  const folder = await mkdtemp(join(tmpdir(), 'perdure-proof-'));
  const closing: (() => Promise<void>)[] = [() => rm(folder, { recursive: true, force: true })];
  try {
    const executable = await findTemporalCli({ root, env: process.env, progress: print });
    const temporal = await startDevServer({ executable, data: folder, port: 0, uiPort: 0, warn: print });
    closing.push(() => temporal.stop());
    const ledger = await openLedger();
    closing.push(() => ledger.close());
    const config = join(folder, 'config.yaml');
    await writeFile(
      config,
      `worker: { maxCachedWorkflows: ${Math.max(500, 2 * executions)} }\nbridge: { concurrency: ${options.concurrency} }\n`,
    );
    const env = {
      PERDURE_CONFIG: config,
      PERDURE_DATA: folder,
      PERDURE_EVENTS: options.events,
      PERDURE_DEPLOY_EXAMPLES: 'false',
      PERDURE_OUTGOING_ALLOW: new URL(ledger.url).host,
      PERDURE_LOG_LEVEL: 'warn',
      TEMPORAL_ADDRESS: temporal.address,
    };
    const fleet = await startFleet({ root, env, bridges });
    closing.push(() => fleet.stop());
    await listen(fleet.url, folder, ledger, { ...options, eventsOfLine });
    print(`${executions} executions listen; sending ${eventsOfLine} events to each, seed ${seed}`);

    const total = executions * eventsOfLine;
    const sender = await openSender(options.events, fleet.url);
    closing.push(() => sender.close());
    const cpuBefore = await fleet.bridgeCpuMs();
    const begun = performance.now();
    let isOver = false;
    const [, seconds] = await Promise.all([
      sendLines(sender, { ...options, lines: executions, eventsOfLine }),
      entered(ledger, fleet, total, print).then(() => {
        isOver = true;
        return (performance.now() - begun) / 1_000;
      }),
      makeTrouble({
        seed,
        print,
        kills: options.kills,
        kill: (nth, pauseMs) => fleet.crash(nth, pauseMs),
        restarts: options.restarts,
        restart: options.restartBroker,
        progress: () => ledger.size / total,
        isOver: () => isOver,
      }),
    ]);
    return {
      verdict: ledger.verdict(executions, eventsOfLine),
      completed: await completedExecutions(temporal.address, executions),
      deadLetters: await documents(folder, 'dead-letter/'),
      perSecond: total / seconds,
      bridgeCpuMs: ((await fleet.bridgeCpuMs()) - cpuBefore) / total,
    };
  } finally {
    for (const close of closing.toReversed()) await close();
  }
}

interface Listening {
  readonly executions: number;
  readonly eventsOfLine: number;
  /** Events that an execution enters with one request. */
  readonly page: number;
}

/** Deploys the definition, starts an execution for each line, and waits until all of them listen. */
async function listen(
  url: string,
  data: string,
  ledger: Ledger,
  { executions, eventsOfLine, page }: Listening,
): Promise<void> {
  const client = apiClient(url);
  const deployed =
    await client.deploy(`document: { dsl: '1.0.3', namespace: proof, name: line, version: '1.0.0' }
do:
  - follow:
      listen:
        to:
          any: [{ with: { type: proof.event }, correlate: { line: { from: .data.line, expect: '\${ .line }' } } }]
          until: '\${ length == ${eventsOfLine} }'
      foreach:
        item: event
        at: n
        do:
          - put:
              set: { page: '\${ ($context.page // []) + [$event] }' }
              export: { as: '\${ . }' }
          - enter:
              if: '\${ ($context.page | length) == ${page} or $n == ${eventsOfLine - 1} }'
              call: http
              with: { method: post, endpoint: '${ledger.url}', body: '\${ $context.page }' }
              export: { as: '\${ { page: [] } }' }
        output: { as: '\${ 1 }' }
      output: { as: '\${ length }' }
`);
  if (deployed.status !== 201) throw new Error(JSON.stringify(deployed.body));
  const left = Array.from({ length: executions }, (_, line) => line).values();
  const start = async (): Promise<void> => {
    for (const line of left) {
      const { status, body } = await client.start({
        workflow: 'proof/line',
        id: `line-${line}`,
        input: { line },
      });
      if (status !== 202) throw new Error(JSON.stringify(body));
    }
  };
  await Promise.all(Array.from({ length: starts }, start));
  while ((await documents(data, 'subscription/')) < executions) await sleep(200);
}

/** Resolves when the ledger has everything, or nothing new for long. */
async function entered(
  ledger: Ledger,
  fleet: Fleet,
  total: number,
  print: (line: string) => void,
): Promise<void> {
  let before = 0;
  let since = Date.now();
  let saidAt = Date.now();
  while (ledger.size < total) {
    await sleep(100);
    const { size } = ledger;
    if (Date.now() - saidAt > 30_000) {
      print(`${size} of ${total} events are in the ledger`);
      saidAt = Date.now();
    }
    if (size > before) [before, since] = [size, Date.now()];
    if (Date.now() - since > stalledMs) {
      print(`nothing new for ${stalledMs / 1_000} s\n${fleet.lastWords()}`);
      return;
    }
  }
}

async function documents(data: string, prefix: string): Promise<number> {
  const store = await openStore('sqlite:perdure.db', data);
  try {
    let count = 0;
    let cursor: string | undefined;
    do {
      const page = await store.scan(prefix, { limit: 1_000, ...(cursor === undefined ? {} : { cursor }) });
      count += page.documents.length;
      cursor = page.cursor;
    } while (cursor !== undefined);
    return count;
  } finally {
    await store.close();
  }
}

/** Counts what has completed, for as long as more may come. */
async function completedExecutions(address: string, expected: number): Promise<number> {
  const connection = await connectClient({ address, tls: false });
  try {
    const client = new Client({ connection, namespace: defaultNamespace });
    const query = "WorkflowType = 'proof.line' AND ExecutionStatus = 'Completed'";
    for (let attempt = 0; ; attempt++) {
      const { count } = await client.workflow.count(query);
      if (count >= expected || attempt === 100) return count;
      await sleep(200);
    }
  } finally {
    await connection.close();
  }
}
