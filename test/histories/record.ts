/**
 * Records the histories that later workflow code must still replay: every example, the TypeScript workflows, and the
 * engine's own manoeuvres. They go into a folder named for the release that made them; recorded folders are never
 * written again.
 *
 *     node test/histories/record.ts
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exampleWorkflow, listExamples } from '../../examples/list-examples.ts';
import { startServices } from '../../examples/services/server.ts';
import { isJsonObject, type Json } from '../../dsl/json.ts';
import { runtimeVersion } from '../../workflows/contract.ts';
import { apiClient, type ApiClient } from '../client.ts';
import { startService } from '../service-process.ts';
import { findFreePort } from '../../temporal/free-port.ts';
import { manoeuvres } from './manoeuvres.ts';

const root = join(import.meta.dirname, '../..');
const folder = join(import.meta.dirname, runtimeVersion);

/** Saves the history of an execution that has ended. */
async function record(url: string, id: string, name: string): Promise<void> {
  const response = await fetch(`${url}/v1/executions/${encodeURIComponent(id)}/history`);
  if (!response.ok) throw new Error(`${name}: ${response.status} ${await response.text()}`);
  const history = (await response.json()) as { readonly events: readonly unknown[] };
  // Stack traces name the folder of whoever records; a history is the same on every machine.
  const text = JSON.stringify(history).replaceAll(root, '/perdure');
  await writeFile(join(folder, `${name}.json`), `${text}\n`);
  console.log(`${name}: ${history.events.length} events`);
}

async function ended(client: ApiClient, workflow: string, input: Json): Promise<string> {
  const { status, body } = await client.start({ workflow, input });
  if (status !== 202) throw new Error(`${workflow}: ${status} ${JSON.stringify(body)}`);
  await client.ended(body.id);
  return body.id;
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
    await record(service.url, await ended(client, exampleWorkflow(example), data), name);
  }

  for (const [name, { body, input }] of Object.entries(manoeuvres)) {
    const yaml = `document: { dsl: '1.0.3', namespace: manoeuvres, name: ${name}, version: '1.0.0' }\n${body}`;
    const { status, body: answer } = await client.deploy(yaml.replaceAll('$SERVICES', services.url));
    if (status !== 201) throw new Error(`${name}: ${status} ${JSON.stringify(answer)}`);
    await record(service.url, await ended(client, `manoeuvres/${name}`, input), name);
  }

  const order = {
    items: [{ sku: 'teapot', quantity: 2 }],
    payment: { amount: 20, currency: 'EUR', card: 'card-4242' },
    shipTo: { name: 'Ada', city: 'Turin', country: 'IT' },
  };
  await record(service.url, await ended(client, 'orderSaga', { orderId: 'O-1', ...order }), 'order-saga');
  const refused = { ...order, payment: { ...order.payment, card: 'declined' } };
  await record(service.url, await ended(client, 'orderSaga', { orderId: 'O-2', ...refused }), 'order-saga-refused');

  const approval = await client.start({
    workflow: 'approval',
    input: {
      subject: 'A new kettle',
      requestedBy: 'ada',
      approvers: ['grace'],
      deadlineSeconds: 60,
      remindEverySeconds: 1,
    },
  });
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  await client.post(`/v1/executions/${approval.body.id}/signals/decide`, {
    input: { id: 'decision-1', who: 'grace', verdict: 'approve', comment: 'Tea is important' },
  });
  await client.ended(approval.body.id);
  await record(service.url, approval.body.id, 'approval');
} finally {
  await service.stop();
  await services.close();
}
