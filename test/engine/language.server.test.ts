/** What the language means, one row a rule: definitions run by a real worker on a real server, and replayed. */
import { join } from 'node:path';
import { replayHistory } from '../../testing/index.ts';
import { startPartner, type Partner } from '../partner.ts';
import { startDefinitionService, type DefinitionService } from './definition-service.ts';
import { rules, standard } from './language-rules.ts';
import { reusableRules } from './reusable-rules.ts';

const root = join(__dirname, '../..');
let partner: Partner;
let service: DefinitionService;

beforeAll(async () => {
  partner = await startPartner(async ({ path, body, authorization }) => ({ path, body, authorization }));
  service = await startDefinitionService(root, [new URL(partner.url).host], {
    PERDURE_SECRET_TOKEN: 'open-sesame',
    PERDURE_SECRET_LOGIN: '{"username":"ada","password":"pass phrase"}',
  });
}, 120_000);

afterAll(async () => {
  await service?.close();
  await partner?.close();
});

test.each([...rules, ...reusableRules])(
  '$rule',
  async ({ definition, input = null, output, error, tasks }) => {
    const ended = await service.ended(await service.start(definition, input));
    if (error === undefined)
      expect({ output: ended.output, error: ended.error }).toEqual({ output, error: undefined });
    else expect(ended.error).toMatchObject(error);
    expect(ended.report.status).toBe(error === undefined ? 'completed' : 'faulted');
    if (tasks !== undefined) expect(ended.report.tasks.map((task) => task.name)).toEqual(tasks);
    await replayHistory(await service.history(ended.id), { root });
  },
);

test('calls carry one key each, and a secret reaches the partner but not the history', async () => {
  const handle = await service.start(
    `use: { secrets: [token] }
do:
  - loop:
      for: { in: '\${ [1, 2] }' }
      do:
        - send:
            call: http
            with:
              method: post
              endpoint: '${partner.url}/{name}'
              headers: { x-token: '\${ $secrets.token }' }
              body: { nth: '\${ $item }', echo: '\${ $secrets.token }' }
            output: { as: '\${ { name: "loop", body: .body } }' }`,
    { name: 'first' },
  );
  const { output, id } = await service.ended(handle);
  expect(output).toEqual({ name: 'loop', body: '{"nth":2,"echo":"***"}' });
  expect(partner.log.map((request) => [request.path, request.body])).toEqual([
    ['/first', '{"nth":1,"echo":"open-sesame"}'],
    ['/loop', '{"nth":2,"echo":"open-sesame"}'],
  ]);
  expect(new Set(partner.log.map((request) => request.key)).size).toBe(2);
  const history = JSON.stringify(await service.history(id));
  expect(history).not.toContain(Buffer.from('open-sesame').toString('base64').slice(0, 12));
  expect(history).not.toContain('open-sesame');
});

test('a reusable authentication is evaluated where it is used, with secrets and data', async () => {
  const handle = await service.start(
    `use:
  secrets: [login]
  authentications:
    shop: { basic: { username: '\${ .user }', password: '\${ $secrets.login.password }' } }
do:
  - ask:
      call: http
      with: { method: get, endpoint: { uri: '${partner.url}/login', authentication: { use: shop } } }
      output: { as: .authorization }`,
    { user: 'ada' },
  );
  // The partner echoes the header; what basic authentication makes of the secret is hidden like the secret.
  expect((await service.ended(handle)).output).toBe('Basic ***');
  expect(partner.log.at(-1)?.authorization).toBe(
    `Basic ${Buffer.from('ada:pass phrase').toString('base64')}`,
  );
});

test('the current details name what is under way, for the Web UI', async () => {
  const handle = await service.start('do: [{ outer: { do: [{ pause: { wait: { minutes: 5 } } }] } }]', {});
  const metadata = await handle.query<{ readonly currentDetails: string }>('__temporal_workflow_metadata');
  expect(metadata.currentDetails).toBe(
    '- **outer** running `/do/0/outer`\n- **pause** waiting `/do/0/outer/do/0/pause`',
  );
  await handle.cancel();
  await expect(handle.result()).rejects.toThrow();
  expect((await handle.describe()).status.name).toBe('CANCELLED');
});

test('run: workflow runs a deployed definition and takes its fault as its own', async () => {
  await service.deploy(`
document: { dsl: '1.0.3', namespace: test, name: child, version: '1.2.0' }
input: { schema: { document: { type: object, required: [n] } } }
do: [{ double: { set: { n: '\${ .n * 2 }' } } }]
`);
  const call = (input: string): string =>
    `do: [{ below: { run: { workflow: { namespace: test, name: child, version: latest, input: ${input} } } } }]`;
  const good = await service.ended(await service.start(call(`{ n: '\${ .n }' }`), { n: 21 }));
  expect(good.output).toEqual({ n: 42 });
  const bad = await service.ended(await service.start(call(`{ m: 1 }`), {}));
  expect(bad.error).toMatchObject({ type: standard('validation'), instance: '/do/0/below' });
});

test('a long execution continues as new with its position, data and numbering', async () => {
  const handle = await service.start(
    `do:
  - loop:
      for: { in: '\${ [range(12)] }' }
      do:
        - step: { set: { n: '\${ (.n // 0) + 1 }', started: '\${ .started // $workflow.startedAt.iso8601 }' } }
        - pauses:
            fork: { branches: [{ one: { wait: { milliseconds: 1 } } }, { other: { emit: { event: { with: { type: x.y } } } } }] }
            output: { as: '\${ $input }' }
  - close: { set: { n: '\${ .n }', same: '\${ .started == $workflow.startedAt.iso8601 }', context: '\${ $context }' } }`,
    {},
    { listedTasks: 10, historyEvents: 100 },
  );
  const first = (await handle.describe()).runId;
  const ended = await service.ended(handle);
  expect((await handle.describe()).runId).not.toBe(first);
  expect(ended.output).toEqual({ n: 12, same: true, context: {} });
  expect(ended.report.tasks.at(-1)?.seq).toBe(1 + 12 * 4 + 1);
}, 120_000);
