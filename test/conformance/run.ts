/**
 * Runs the conformance kit's scenarios through the API, as a user would: deploy, start, read the execution. Uses the
 * service on PORT if it answers, else one of its own that it stops at the end.
 *
 *     npm run conformance -- CASES.json [--seed N | --no-rename] [--services-port N]
 *
 * With `--examples` it runs the specification's examples instead, always on a service of its own.
 *
 *     npm run conformance -- --examples FOLDER [--only NAME]...
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Json, JsonObject } from '../../dsl/json.ts';
import { startService } from '../service-process.ts';
import { findFreePort } from '../../temporal/free-port.ts';
import { failureOf } from './assertions.ts';
import { runExamples } from './examples/run.ts';
import { renamed } from './rename.ts';
import type { Ending, Scenario } from './scenario.ts';
import { pointAtServices, startServices } from './services.ts';

const root = join(import.meta.dirname, '../..');
const usage = `npm run conformance -- CASES.json [--seed N | --no-rename] [--services-port N]
npm run conformance -- --examples FOLDER [--only NAME]...`;

interface Execution {
  readonly id: string;
  readonly status: string;
  readonly output?: Json;
  readonly error?: Json;
  readonly tasks: readonly { readonly name: string; readonly seq: number }[];
}

async function request<T>(
  url: string,
  init: RequestInit,
): Promise<{ readonly status: number; readonly body: T }> {
  const response = await fetch(url, init);
  return { status: response.status, body: (await response.json()) as T };
}

/** Deploys, starts and waits for the end. The kit's definitions share names: each gets a namespace of its own. */
async function execute(api: string, scenario: Scenario, namespace: string, port: number): Promise<Ending> {
  const document = scenario.definition['document'] as JsonObject & { readonly name: string };
  const { name } = document;
  const header: JsonObject = { ...document, namespace };
  const definition = pointAtServices(JSON.stringify({ ...scenario.definition, document: header }), port);
  const json = { 'content-type': 'application/json' };
  const deployed = await request<JsonObject>(`${api}/v1/definitions`, {
    method: 'POST',
    headers: json,
    body: definition,
  });
  if (deployed.status !== 201) throw new Error(`deploy: ${deployed.status} ${JSON.stringify(deployed.body)}`);
  const body = JSON.stringify({
    workflow: `${namespace}/${name}`,
    input: scenario.input ?? null,
  });
  const started = await request<Execution>(`${api}/v1/executions`, {
    method: 'POST',
    headers: { ...json, prefer: 'wait=20' },
    body,
  });
  if (started.status !== 200) throw new Error(`start: ${started.status} ${JSON.stringify(started.body)}`);
  const execution = started.body;
  const statuses: Record<string, Ending['status']> = {
    completed: 'complete',
    faulted: 'fault',
    cancelled: 'cancel',
  };
  const status = statuses[execution.status];
  if (status === undefined) throw new Error(`ended in ${execution.status}`);
  const tasks = execution.tasks.toSorted((one, other) => one.seq - other.seq);
  return {
    status,
    output: execution.output ?? null,
    error: execution.error ?? null,
    started: tasks.map((task) => task.name),
  };
}

/** Runs every scenario once and prints a line for each; gives the number of failed ones. */
async function runAll(
  api: string,
  scenarios: readonly Scenario[],
  run: string,
  port: number,
): Promise<number> {
  let failed = 0;
  let assertions = 0;
  for (const [index, scenario] of scenarios.entries()) {
    let failures: string[];
    try {
      const ending = await execute(api, scenario, `${run}-${index}`, port);
      assertions += scenario.asserts.length;
      failures = scenario.asserts.flatMap((assertion) => failureOf(assertion, ending) ?? []);
    } catch (error) {
      failures = [error instanceof Error ? error.message : String(error)];
    }
    console.log(`${failures.length === 0 ? 'ok    ' : 'FAILED'} ${scenario.id}`);
    for (const failure of failures) console.log(`         ${failure}`);
    if (failures.length > 0) failed += 1;
  }
  console.log(
    `${assertions} assertions checked, 0 skipped; each scenario in a namespace of its own (${run}-N)`,
  );
  console.log(`${scenarios.length - failed} passed, ${failed} failed`);
  return failed;
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      seed: { type: 'string' },
      'no-rename': { type: 'boolean', default: false },
      'services-port': { type: 'string' },
      examples: { type: 'string' },
      only: { type: 'string', multiple: true, default: [] },
      help: { type: 'boolean', default: false },
    },
  });
  const [file] = positionals;
  if (values.examples !== undefined && file === undefined && !values.help) {
    return runExamples(root, { folder: values.examples, only: values.only });
  }
  if (values.help || file === undefined) {
    console.log(usage);
    return values.help ? 0 : 2;
  }
  const scenarios = JSON.parse(await readFile(file, 'utf8')) as readonly Scenario[];
  const running = `http://127.0.0.1:${process.env['PORT'] ?? 8080}`;
  const answers = await fetch(`${running}/readyz`).then(
    (response) => response.ok,
    () => false,
  );
  const port = Number(values['services-port'] ?? (answers ? 7390 : await findFreePort()));
  const services = await startServices(port);
  const own = answers ? undefined : await startService(root, { PERDURE_OUTGOING_ALLOW: `127.0.0.1:${port}` });
  if (answers)
    console.log(`Using the service on ${running}; it has to allow outgoing calls to 127.0.0.1:${port}`);
  const api = own?.url ?? running;
  const stamp = Date.now().toString(36);
  try {
    let failed = await runAll(api, scenarios, `kit-${stamp}`, port);
    if (!values['no-rename']) {
      const seed = values.seed === undefined ? Date.now() % 1_000_000 : Number(values.seed);
      console.log(`\nAgain, with tasks and data keys renamed by seed ${seed}`);
      const others = scenarios.map((scenario, index) => renamed(scenario, seed + index));
      failed += await runAll(api, others, `kit-${stamp}-renamed`, port);
    }
    return failed === 0 ? 0 : 1;
  } finally {
    await own?.stop();
    await services.close();
  }
}

process.exitCode = await main();
