/** Processes as definitions run them: data flow, faults, timeouts, secrets, and what is not waited for. */
import { join } from 'node:path';
import { replayHistory } from '../../testing/index.ts';
import { detachedProcessType } from '../../workflows/contract.ts';
import { startDefinitionService, type DefinitionService, type Ended } from './definition-service.ts';

const root = join(__dirname, '../..');
let service: DefinitionService;

beforeAll(async () => {
  service = await startDefinitionService(root, [], { PERDURE_SECRET_TOKEN: 'open-sesame' });
}, 120_000);

afterAll(() => service?.close());

async function run(definition: string, input: object | null = null): Promise<Ended> {
  const ended = await service.ended(await service.start(definition, input as never));
  await replayHistory(await service.history(ended.id), { root, workflowId: ended.id });
  return ended;
}

test('a script gets evaluated arguments, and its output goes on', async () => {
  const { output, error } = await run(
    `do:
  - greet:
      run:
        script:
          language: js
          arguments: ['\${ .name }']
          environment: { PUNCTUATION: '!' }
          code: console.log(\`Hello \${process.argv[2]}\${process.env.PUNCTUATION}\`)
      output: { as: '\${ { greeting: . } }' }`,
    { name: 'Ada' },
  );
  expect({ output, error }).toEqual({ output: { greeting: 'Hello Ada!\n' }, error: undefined });
});

test('a script that fails can be caught, and tried again', async () => {
  const { output, report } = await run(`do:
  - attempt:
      try:
        - fail:
            run: { script: { language: js, code: process.exit(9) } }
      catch:
        errors: { with: { type: https://open-workflow-specification.org/spec/1.0.0/errors/runtime } }
        retry: { limit: { attempt: { count: 1 } } }
        do: []
  - end:
      run: { script: { language: js, code: process.exit(9) }, return: code }`);
  expect(output).toBe(9);
  expect(report.tasks.filter(({ name }) => name === 'fail').map(({ attempt }) => attempt)).toEqual([1, 2]);
});

test("a task's timeout ends its script", async () => {
  const { error } = await run(`do:
  - spin:
      run: { script: { language: js, code: 'for (;;) {}' } }
      timeout: { after: { milliseconds: 700 } }`);
  expect(error).toMatchObject({ status: 408, instance: '/do/0/spin' });
});

test('what is off faults, and a definition can go on without it', async () => {
  const { output } = await run(`do:
  - attempt:
      try:
        - list: { run: { shell: { command: ls } } }
      catch:
        as: problem
        do:
          - tell: { set: { title: '\${ $problem.title }', status: '\${ $problem.status }' } }`);
  expect(output).toEqual({ title: 'Process Turned Off', status: 400 });
});

test('a secret reaches the script and not the history', async () => {
  const ended = await run(`use: { secrets: [token] }
do:
  - show:
      run:
        script:
          language: js
          stdin: '\${ $secrets.token }'
          code: |
            import { readFileSync } from 'node:fs';
            const secret = readFileSync(0, 'utf8');
            console.log(secret.length, secret);`);
  expect(ended.output).toBe('11 ***\n');
  const history = JSON.stringify(await service.history(ended.id));
  expect(history).not.toContain(Buffer.from('open-sesame').toString('base64').slice(0, 12));
  expect(history).not.toContain('open-sesame');
});

test('a process that is not waited for runs on after its workflow', async () => {
  const ended = await run(
    `do:
  - later:
      run:
        await: false
        script:
          language: js
          code: await new Promise((resolve) => setTimeout(resolve, 1_500))`,
    { kept: true },
  );
  expect(ended.output).toEqual({ kept: true });
  const { events } = await service.client.workflow.getHandle(ended.id).fetchHistory();
  const child = events?.find((event) => event.childWorkflowExecutionStartedEventAttributes);
  const { workflowType, workflowExecution } = child?.childWorkflowExecutionStartedEventAttributes ?? {};
  expect(workflowType?.name).toBe(detachedProcessType);
  const handle = service.client.workflow.getHandle(workflowExecution?.workflowId ?? '');
  expect((await handle.describe()).status.name).toBe('RUNNING');
  await handle.result();
});
