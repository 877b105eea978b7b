/** What the language means, one row a rule: definitions run by a real worker on a real server, and replayed. */
import { join } from 'node:path';
import type { Json } from '../../dsl/json.ts';
import { replayHistory } from '../../testing/index.ts';
import { startPartner, type Partner } from '../partner.ts';
import { startDefinitionService, type DefinitionService } from './definition-service.ts';

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

interface Row {
  readonly rule: string;
  readonly definition: string;
  readonly input?: Json;
  readonly output?: Json;
  /** Members that the error must have. */
  readonly error?: Readonly<Record<string, Json>>;
  /** Names of the tasks in the order of their start, where the rule is about that. */
  readonly tasks?: readonly string[];
}

const standard = (name: string): string =>
  `https://open-workflow-specification.org/spec/1.0.0/errors/${name}`;

const rows: readonly Row[] = [
  {
    rule: 'tasks hand their output on',
    definition: `do: [{ a: { set: { n: 1 } } }, { b: { set: { n: '\${ .n + 1 }' } } }]`,
    output: { n: 2 },
    tasks: ['a', 'b'],
  },
  {
    rule: 'a skipped task hands on its raw input and its then is not taken',
    definition: `do: [{ a: { if: '\${ .run }', set: { n: 1 }, then: end } }, { b: { set: { n: '\${ .n + 1 }' } } }]`,
    input: { run: false, n: 5 },
    output: { n: 6 },
  },
  {
    rule: 'then jumps within its list',
    definition: `do: [{ a: { set: { l: [a] }, then: c } }, { b: { set: { l: '\${ .l + ["b"] }' }, then: end } }, { c: { set: { l: '\${ .l + ["c"] }' }, then: b } }]`,
    output: { l: ['a', 'c', 'b'] },
    tasks: ['a', 'c', 'b'],
  },
  {
    rule: 'exit ends the list, end the workflow',
    definition: `do: [{ outer: { do: [{ a: { set: { n: 1 } } }, { leave: { switch: [{ always: { when: '\${ true }', then: exit } }] } }, { b: { set: { n: 99 } } }] } }, { c: { do: [{ d: { set: { n: '\${ .n + 1 }' } } }, { stop: { switch: [{ always: { when: '\${ true }', then: end } }] } }, { e: { set: { n: 99 } } }] } }, { f: { set: { n: 99 } } }]`,
    output: { n: 2 },
    tasks: ['outer', 'a', 'leave', 'c', 'd', 'stop'],
  },
  {
    rule: 'a text to set is an expression',
    definition: `do: [{ a: { set: .kept } }]`,
    input: { kept: [1] },
    output: [1],
  },
  {
    rule: 'for chains its iterations and numbers them',
    definition: `do: [{ loop: { for: { each: word, in: '\${ .words }', at: position }, do: [{ join: { set: { words: [], text: '\${ (.text // "") + "\\($position)\\($word)" }' } } }] } }]`,
    input: { words: ['a', 'b', 'c'] },
    output: { words: [], text: '0a1b2c' },
  },
  {
    rule: 'for stops when while is false',
    definition: `do: [{ loop: { for: { in: '\${ [1, 2, 3, 4] }' }, while: '\${ (.sum // 0) < 3 }', do: [{ add: { set: { sum: '\${ (.sum // 0) + $item }' } } }] } }]`,
    input: {},
    output: { sum: 3 },
  },
  {
    rule: 'for over what is no array faults',
    definition: `do: [{ loop: { for: { in: .missing }, do: [{ nothing: { set: { a: 1 } } }] } }]`,
    input: {},
    error: { type: standard('expression'), status: 400, instance: '/do/0/loop' },
  },
  {
    rule: 'fork gathers outputs in order',
    definition: `do: [{ both: { fork: { branches: [{ slow: { do: [{ pause: { wait: { milliseconds: 50 } } }, { one: { set: { n: 1 } } }] } }, { fast: { set: { n: 2 } } }] } } }]`,
    output: [{ n: 1 }, { n: 2 }],
  },
  {
    rule: 'a competing fork has one winner and cancels the others',
    definition: `do: [{ race: { fork: { compete: true, branches: [{ slow: { wait: { hours: 1 } } }, { fast: { set: { n: 2 } } }] } } }]`,
    output: { n: 2 },
  },
  {
    rule: 'a competing branch that faults is out of the race',
    definition: `do: [{ race: { fork: { compete: true, branches: [{ bad: { raise: { error: { type: 'https://x.test/bad', status: 500 } } } }, { good: { do: [{ pause: { wait: { milliseconds: 20 } } }, { done: { set: { n: 3 } } }] } }] } } }]`,
    output: { n: 3 },
  },
  {
    rule: 'the first fault of a fork cancels the other branches',
    definition: `do: [{ both: { fork: { branches: [{ slow: { wait: { hours: 1 } } }, { bad: { raise: { error: { type: 'https://x.test/bad', status: 418, title: Bad } } } }] } } }]`,
    error: {
      type: 'https://x.test/bad',
      status: 418,
      title: 'Bad',
      instance: '/do/0/both/fork/branches/1/bad',
    },
  },
  {
    rule: 'try retries with a durable back-off, then handles the error',
    definition: `do: [{ risky: { try: [{ bad: { raise: { error: { type: 'https://x.test/bad', status: 503, detail: '\${ "no \\(.thing)" }' } } } }], catch: { errors: { with: { status: 503 } }, as: problem, retry: { delay: { milliseconds: 10 }, limit: { attempt: { count: 2 } } }, do: [{ keep: { set: { detail: '\${ $problem.detail }', instance: '\${ $problem.instance }' } } }] } } }]`,
    input: { thing: 'luck' },
    output: { detail: 'no luck', instance: '/do/0/risky/try/0/bad' },
    tasks: ['risky', 'bad', 'bad', 'bad', 'keep'],
  },
  {
    rule: 'an error that retries could not mend goes on when nothing handles it',
    definition: `do: [{ risky: { try: [{ bad: { raise: { error: { type: 'https://x.test/bad', status: 503 } } } }], catch: { retry: { limit: { attempt: { count: 1 } } } } } }]`,
    error: { type: 'https://x.test/bad', status: 503, instance: '/do/0/risky/try/0/bad' },
    tasks: ['risky', 'bad', 'bad'],
  },
  {
    rule: 'a caught error without anything to do leaves the input',
    definition: `do: [{ risky: { try: [{ bad: { raise: { error: { type: 'https://x.test/bad', status: 503 } } } }], catch: {} } }]`,
    input: { kept: true },
    output: { kept: true },
  },
  {
    rule: 'the filter takes both names of a standard error type',
    definition: `do: [{ risky: { try: [{ bad: { raise: { error: { type: 'https://serverlessworkflow.io/spec/1.0.0/errors/timeout', status: 408 } } } }], catch: { errors: { with: { type: 'https://open-workflow-specification.org/dsl/errors/types/timeout' } }, then: end } } }]`,
    input: 1,
    output: 1,
  },
  {
    rule: 'exceptWhen lets an error pass',
    definition: `do: [{ risky: { try: [{ bad: { raise: { error: { type: 'https://x.test/bad', status: 500 } } } }], catch: { exceptWhen: '\${ $error.status == 500 }' } } }]`,
    error: { status: 500 },
  },
  {
    rule: 'catch.then overrides where the task goes',
    definition: `do: [{ risky: { try: [{ bad: { raise: { error: { type: 'https://x.test/bad', status: 500 } } } }], catch: { then: mend } } }, { skipped: { set: { n: 1 } } }, { mend: { set: { n: 2 } } }]`,
    input: {},
    output: { n: 2 },
    tasks: ['risky', 'bad', 'mend'],
  },
  {
    rule: 'a task timeout interrupts what runs and can be caught',
    definition: `do: [{ risky: { try: [{ slow: { timeout: { after: { milliseconds: 50 } }, wait: { hours: 1 } } }], catch: { errors: { with: { type: '${standard('timeout')}', status: 408 } }, do: [{ late: { set: { late: true } } }] } } }]`,
    output: { late: true },
  },
  {
    rule: 'a workflow timeout faults the workflow',
    definition: `timeout: { after: { milliseconds: 50 } }\ndo: [{ slow: { wait: PT1H } }]`,
    error: { type: standard('timeout'), status: 408 },
  },
  {
    rule: 'input.from, output.as and export.as shape the data in that order',
    definition: `input: { from: .order }\noutput: { as: '\${ { result: ., context: $context } }' }\ndo: [{ a: { input: { from: '\${ { id } }' }, set: { seen: '\${ . }', raw: '\${ $task.input.name }' }, output: { as: '\${ .seen + { raw } }' }, export: { as: '\${ { kept: .id } }' } } }]`,
    input: { order: { id: 7, name: 'n' } },
    output: { result: { id: 7, raw: 'n' }, context: { kept: 7 } },
  },
  {
    rule: 'a broken task input schema faults with the place',
    definition: `do: [{ a: { input: { schema: { document: { type: object, required: [id] } } }, set: { n: 1 } } }]`,
    input: {},
    error: { type: standard('validation'), status: 400, instance: '/do/0/a' },
  },
  {
    rule: 'an expression that fails faults with the place',
    definition: `do: [{ a: { set: { n: '\${ .text + 1 }' } } }]`,
    input: { text: 'x' },
    error: { type: standard('expression'), status: 400, instance: '/do/0/a' },
  },
  {
    rule: 'loose mode tries every text and keeps what is no expression',
    definition: `evaluate: { mode: loose }\ndo: [{ a: { set: { n: '.n + 1', text: 'just words here' } } }]`,
    input: { n: 1 },
    output: { n: 2, text: 'just words here' },
  },
  {
    rule: 'switch without a match goes on as the task says',
    definition: `do: [{ choose: { switch: [{ never: { when: '\${ false }', then: b } }], then: c } }, { b: { set: { n: 1 } } }, { c: { set: { n: 3 } } }]`,
    output: { n: 3 },
    tasks: ['choose', 'c'],
  },
  {
    rule: 'emit gives the event it published',
    definition: `do: [{ tell: { emit: { event: { with: { source: 'https://x.test', type: test.done, id: '\${ .id }', data: { n: 1 } } } }, output: { as: '\${ del(.time) }' } } }]`,
    input: { id: 'event-1' },
    output: {
      specversion: '1.0',
      id: 'event-1',
      source: 'https://x.test',
      type: 'test.done',
      datacontenttype: 'application/json',
      data: { n: 1 },
    },
  },
];

test.each(rows)('$rule', async ({ definition, input = null, output, error, tasks }) => {
  const ended = await service.ended(await service.start(definition, input));
  if (error === undefined)
    expect({ output: ended.output, error: ended.error }).toEqual({ output, error: undefined });
  else expect(ended.error).toMatchObject(error);
  expect(ended.report.status).toBe(error === undefined ? 'completed' : 'faulted');
  if (tasks !== undefined) expect(ended.report.tasks.map((task) => task.name)).toEqual(tasks);
  await replayHistory(await service.history(ended.id), { root });
});

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
