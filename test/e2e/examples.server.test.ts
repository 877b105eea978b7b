/** Every example ends with the result that stands beside it, on the service as a user starts it. */
import { join } from 'node:path';
import { exampleWorkflow, listExamples } from '../../examples/list-examples.ts';
import { startServices } from '../../examples/services/server.ts';
import { isJsonObject } from '../../dsl/json.ts';
import { apiClient } from '../client.ts';
import { startService, type Service } from '../service-process.ts';

const root = join(__dirname, '../..');
let services: Awaited<ReturnType<typeof startServices>>;
let service: Service;

beforeAll(async () => {
  services = await startServices(0);
  service = await startService(root, {
    PERDURE_DEPLOY_EXAMPLES: 'true',
    PERDURE_OUTGOING_ALLOW: services.url.slice('http://'.length),
  });
}, 120_000);

afterAll(async () => {
  await service?.stop();
  await services?.close();
});

test('each example gives its expected result', async () => {
  const client = apiClient(service.url);
  const examples = await listExamples(root);
  expect(examples.length).toBeGreaterThanOrEqual(6);
  const ended = await Promise.all(
    examples.map(async (example) => {
      const { input, name } = example;
      const withServices = isJsonObject(input) ? { ...input, services: services.url } : input;
      const started = await client.start({
        workflow: exampleWorkflow(example),
        input: withServices,
      });
      expect({ name, status: started.status }).toEqual({ name, status: 202 });
      return [name, await client.ended(started.body.id)] as const;
    }),
  );
  for (const [name, execution] of ended) {
    const expected = examples.find((example) => example.name === name)?.expected;
    expect({ name, status: execution.status, error: execution.error }).toEqual({
      name,
      status: 'completed',
      error: null,
    });
    expect({ name, output: execution.output }).toEqual({ name, output: expected });
  }
}, 120_000);
