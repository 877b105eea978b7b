/**
 * `npm run bench:sandbox`: how the API answers while scripts of its own worker run wild, beside how it answers while as
 * many harmless ones run. Prints both and their ratio, and fails above 1.5. Needs bubblewrap and Python.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { stringify } from 'yaml';
import { apiClient } from '../test/client.ts';
import type { ApiClient } from '../test/client.ts';
import { attempts } from '../test/processes/attempts.ts';
import { setOutCanaries } from '../test/processes/canaries.ts';
import { startService } from '../test/service-process.ts';

const highestRatio = 1.5;

/** The machine's own noise hits both alike: the two take turns. */
const rounds = 4;
const requestsPerRound = 500;
const pauseMs = 5;

/** Scripts at the same time, and how often each lane starts one. */
const lanes = 4;
const everyMs = 2_000;

interface Script {
  readonly language: 'js' | 'python' | 'shell';
  readonly code: string;
}

const harmlessScripts: readonly Script[] = [
  { language: 'js', code: 'await new Promise((resolve) => setTimeout(resolve, 1_000))' },
  { language: 'python', code: 'import time\ntime.sleep(1)' },
  { language: 'shell', code: 'sleep 1' },
];

const settings = {
  python: true,
  shell: true,
  pythonCommand: '/usr/bin/python3',
  limits: { cpuSeconds: 1, memoryBytes: 67_108_864, outputBytes: 1_000_000, processes: 32 },
};

/** Code is no data of a definition: each script has a definition of its own. */
async function deploy(client: ApiClient, name: string, { language, code }: Script): Promise<string> {
  const process = language === 'shell' ? { shell: { command: code } } : { script: { language, code } };
  const definition = {
    document: { dsl: '1.0.3', namespace: 'bench', name, version: '1.0.0' },
    do: [{ run: { run: { ...process, return: 'code' }, timeout: { after: { seconds: 2 } } } }],
  };
  const { status, body } = await client.deploy(stringify(definition));
  if (status !== 201) throw new Error(JSON.stringify(body));
  return `bench/${name}`;
}

/** The times of answers, in milliseconds, while the scripts run in turn. */
async function timesDuring(
  workflows: readonly string[],
  url: string,
  client: ApiClient,
  first: number,
): Promise<number[]> {
  let over = false;
  const running = Array.from({ length: lanes }, async (_, lane) => {
    for (let next = first + lane; !over; next += lanes) {
      const workflow = workflows[next % workflows.length] ?? '';
      const pause = new Promise((end) => setTimeout(end, everyMs));
      const { body } = await client.start({ workflow });
      await client.ended(body.id);
      await pause;
    }
  });
  const times = await answerTimes(url, requestsPerRound);
  over = true;
  await Promise.all(running);
  return times;
}

async function answerTimes(url: string, count: number): Promise<number[]> {
  const times: number[] = [];
  for (let taken = 0; taken < count; taken += 1) {
    const start = performance.now();
    const response = await fetch(`${url}/v1/definitions`);
    await response.arrayBuffer();
    times.push(performance.now() - start);
    await new Promise((end) => setTimeout(end, pauseMs));
  }
  return times;
}

function percentile(times: readonly number[], share: number): number {
  const ordered = [...times].sort((one, other) => one - other);
  return ordered[Math.floor(ordered.length * share)] ?? 0;
}

function print(name: string, times: readonly number[]): void {
  const [middle, high] = [percentile(times, 0.5), percentile(times, 0.99)];
  console.log(`${name.padEnd(10)} p50 ${middle.toFixed(1)} ms, p99 ${high.toFixed(1)} ms`);
}

async function main(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'perdure-bench-'));
  const config = join(folder, 'config.yaml');
  await writeFile(config, stringify({ run: settings }));
  const canaries = await setOutCanaries();
  const service = await startService(resolve(import.meta.dirname, '..'), { PERDURE_CONFIG: config });
  try {
    const client = apiClient(service.url);
    const harmless: string[] = [];
    for (const [at, script] of harmlessScripts.entries())
      harmless.push(await deploy(client, `harmless-${at}`, script));
    const wild: string[] = [];
    for (const [at, { language, code }] of attempts.entries())
      wild.push(await deploy(client, `wild-${at}`, { language, code: code(canaries.targets) }));
    // The first answers are slow everywhere: caches are empty, code is not compiled.
    await timesDuring(harmless, service.url, client, 0);
    const idle = await answerTimes(service.url, requestsPerRound);
    const calm: number[] = [];
    const attacked: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      calm.push(...(await timesDuring(harmless, service.url, client, round)));
      attacked.push(...(await timesDuring(wild, service.url, client, round * lanes)));
    }
    print('idle', idle);
    print('harmless', calm);
    print('wild', attacked);
    const ratio = percentile(attacked, 0.99) / percentile(calm, 0.99);
    console.log(`p99 of wild to harmless: ${ratio.toFixed(2)} (at most ${highestRatio})`);
    return ratio <= highestRatio ? 0 : 1;
  } finally {
    await service.stop();
    await canaries.close();
    await rm(folder, { recursive: true, force: true });
  }
}

process.exitCode = await main();
