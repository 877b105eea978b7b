/**
 * Records the histories that later workflow code must still replay: every example, the TypeScript workflows, and the
 * engine's own manoeuvres, listening and what a person does to an execution included, with lifecycle events and without. They go into a folder named for the
 * release that made them; what is recorded is never written again.
 *
 *     node test/histories/record.ts
 */
import { existsSync, realpathSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exampleWorkflow, listExamples } from '../../examples/list-examples.ts';
import { startServices } from '../../examples/services/server.ts';
import { isJsonObject, type Json } from '../../dsl/json.ts';
import { lockWorkflowId, runtimeVersion } from '../../workflows/contract.ts';
import { apiClient, type ApiClient } from '../client.ts';
import { startService } from '../service-process.ts';
import { findFreePort } from '../../temporal/free-port.ts';
import { listeners } from './listeners.ts';
import { manoeuvres } from './manoeuvres.ts';
import { operations } from './operations.ts';

const root = join(import.meta.dirname, '../..');
const folder = join(import.meta.dirname, runtimeVersion);

/** Saves the history of the execution that `run` brings to its end, unless one of this name is recorded. */
async function record(url: string, name: string, run: () => Promise<string>): Promise<void> {
  if (!existsSync(fileOf(name))) await save(url, name, await run());
}

/** The same for an execution of many runs: `run` gives its id and its first run, and each run has a file of its own. */
async function recordRuns(
  url: string,
  name: string,
  run: () => Promise<{ readonly id: string; readonly runId: string }>,
): Promise<void> {
  if (existsSync(fileOf(name))) return;
  const { id, runId } = await run();
  let next: string | undefined = runId;
  for (let number = 1; next !== undefined; number++) {
    await save(url, number === 1 ? name : `${name}-${number}`, id, next);
    const response = await fetch(`${url}/v1/executions/${encodeURIComponent(id)}?runId=${next}`);
    next = ((await response.json()) as { readonly continuedAs?: string }).continuedAs;
  }
}

function fileOf(name: string): string {
  return join(folder, `${name}.json`);
}

async function save(url: string, name: string, id: string, runId?: string): Promise<void> {
  const query = runId === undefined ? '' : `?runId=${runId}`;
  const response = await fetch(`${url}/v1/executions/${encodeURIComponent(id)}/history${query}`);
  if (!response.ok) throw new Error(`${name}: ${response.status} ${await response.text()}`);
  const history = (await response.json()) as { readonly events: readonly unknown[] };
  // Stack traces name the folder of whoever records, and that of packages which are linked from elsewhere; a history is
  // the same on every machine.
  const text = JSON.stringify(history)
    .replaceAll(realpathSync(join(root, 'node_modules')), '/perdure/node_modules')
    .replaceAll(root, '/perdure');
  await writeFile(fileOf(name), `${text}\n`);
  console.log(`${name}: ${history.events.length} events`);
}

async function ended(client: ApiClient, workflow: string, input: Json): Promise<string> {
  const { status, body } = await client.start({ workflow, input });
  if (status !== 202) throw new Error(`${workflow}: ${status} ${JSON.stringify(body)}`);
  await client.ended(body.id);
  return body.id;
}

/** Deploys a manoeuvre and gives its name. */
async function deployed(
  client: ApiClient,
  name: string,
  body: string,
  header = `version: '1.0.0'`,
): Promise<string> {
  const yaml = `document: { dsl: '1.0.3', namespace: manoeuvres, name: ${name}, ${header} }\n${body}`;
  const { status, body: answer } = await client.deploy(yaml.replaceAll('$SERVICES', services.url));
  if (status !== 201) throw new Error(`${name}: ${status} ${JSON.stringify(answer)}`);
  return `manoeuvres/${name}`;
}

const port = await findFreePort();
const services = await startServices(port);
const service = await startService(root, {
  PERDURE_DEPLOY_EXAMPLES: 'true',
  PERDURE_EXAMPLES_PORT: String(port),
});
try {
  await mkdir(folder, { recursive: true });
  const client = apiClient(service.url);

  for (const example of await listExamples(root)) {
    const { name, input } = example;
    const data = isJsonObject(input) ? { ...input, services: services.url } : input;
    await record(service.url, name, () => ended(client, exampleWorkflow(example), data));
  }

  for (const [name, { body, input }] of Object.entries(manoeuvres)) {
    await record(service.url, name, async () => ended(client, await deployed(client, name, body), input));
  }

  for (const [name, { body, events }] of Object.entries(listeners)) {
    await record(service.url, name, async () => {
      const { id } = (await client.start({ workflow: await deployed(client, name, body) })).body;
      for (const [index, event] of events.entries()) {
        await new Promise((resolve) => setTimeout(resolve, 1_500));
        const sent = { specversion: '1.0', id: `${name}-${index}`, source: 'https://histories.test', ...event };
        const headers = { 'content-type': 'application/cloudevents+json' };
        await fetch(`${service.url}/v1/events`, { method: 'POST', headers, body: JSON.stringify(sent) });
      }
      await client.ended(id);
      return id;
    });
  }

  for (const [name, { body, header, input, next, below = {}, more, act }] of Object.entries(operations)) {
    await recordRuns(service.url, name, async () => {
      for (const [child, tasks] of Object.entries(below)) await deployed(client, child, tasks);
      const workflow = await deployed(client, name, body, header);
      const { status, body: started } = await client.start({ workflow, input, ...more });
      if (status !== 202) throw new Error(`${name}: ${status} ${JSON.stringify(started)}`);
      if (next !== undefined) await deployed(client, name, next, `version: '2.0.0'`);
      await act(client, started.id);
      await client.ended(started.id);
      return started;
    });
  }

  // The lock itself, which never ends.
  await record(service.url, 'lock', () => Promise.resolve(lockWorkflowId('histories/outer')));

  const order = {
    items: [{ sku: 'teapot', quantity: 2 }],
    payment: { amount: 20, currency: 'EUR', card: 'card-4242' },
    shipTo: { name: 'Ada', city: 'Turin', country: 'IT' },
  };
  const refused = { ...order, payment: { ...order.payment, card: 'declined' } };
  await record(service.url, 'order-saga', () => ended(client, 'orderSaga', { orderId: 'O-1', ...order }));
  await record(service.url, 'order-saga-refused', () =>
    ended(client, 'orderSaga', { orderId: 'O-2', ...refused }),
  );

  await record(service.url, 'approval', async () => {
    const { id } = (
      await client.start({
        workflow: 'approval',
        input: {
          subject: 'A new kettle',
          requestedBy: 'ada',
          approvers: ['grace'],
          deadlineSeconds: 60,
          remindEverySeconds: 1,
        },
      })
    ).body;
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    await client.post(`/v1/executions/${id}/signals/decide`, {
      input: { id: 'decision-1', who: 'grace', verdict: 'approve', comment: 'Tea is important' },
    });
    await client.ended(id);
    return id;
  });
} finally {
  await service.stop();
}

const telling = await startService(root, { PERDURE_LIFECYCLE: 'all' });
try {
  const client = apiClient(telling.url);
  // The long loop has thousands of tasks: its events would make megabytes.
  const { 'long-pure-loop': _, ...told } = manoeuvres;
  for (const [name, { body, input }] of Object.entries(told)) {
    await record(telling.url, `lifecycle-${name}`, async () =>
      ended(client, await deployed(client, name, body), input),
    );
  }
  await record(telling.url, 'lifecycle-cancelled', async () => {
    const body = 'do: [{ race: { fork: { branches: [{ slow: { wait: { hours: 1 } } }] } } }]';
    const { id } = (await client.start({ workflow: await deployed(client, 'cancelled', body) })).body;
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    await client.post(`/v1/executions/${id}/cancel`, {});
    await client.ended(id);
    return id;
  });
} finally {
  await telling.stop();
  await services.close();
}
