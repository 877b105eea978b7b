/** The command line as a person uses it: the program itself, against the service as it starts. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, startService, type Service } from '../service-process.ts';

const root = join(__dirname, '../..');
let service: Service;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perdure-cli-'));
  service = await startService(root);
}, 120_000);

afterAll(async () => {
  await service?.stop();
  await rm(folder, { recursive: true, force: true });
});

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs `perdure ARGS` to its end; `input` is what stands on its standard input. */
async function perdure(args: readonly string[], input = '', url = service.url): Promise<Ended> {
  const child = spawn(process.execPath, [join(root, 'cli/perdure.js'), ...args], {
    cwd: folder,
    env: { ...process.env, PERDURE_URL: url, PERDURE_DATA: service.data, NO_COLOR: '1' },
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  child.stdin.end(input);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
}

async function json<T>(args: readonly string[]): Promise<T> {
  const { code, out, err } = await perdure([...args, '--json']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return JSON.parse(out) as T;
}

async function writeHistory(name: string, history: string): Promise<string> {
  const histories = join(folder, 'histories');
  await mkdir(histories, { recursive: true });
  await writeFile(join(histories, name), history);
  return histories;
}

const header = (name: string): string =>
  `document: { dsl: '1.0.3', namespace: cli, name: ${name}, version: '1.0.0' }\n`;
const greet = `${header('greet')}do:\n  - greet:\n      set:\n        greeting: \${ "Hello, \\(.name)!" }\n`;
const refuse = `${header('refuse')}do:\n  - stop:\n      raise:\n        error: { type: https://example.com/no, status: 409, title: Not today }\n`;
const broken = `${header('broken')}do:\n  - nap:\n      wait: 5\n`;

const approval = {
  subject: 'A new coffee machine',
  requestedBy: 'ann',
  approvers: ['bob'],
  deadlineSeconds: 3600,
  remindEverySeconds: 3600,
};

test('definitions are checked, deployed once, and listed', async () => {
  await writeFile(join(folder, 'greet.yaml'), greet);
  await writeFile(join(folder, 'broken.yaml'), broken);

  const checked = await perdure(['validate', 'greet.yaml', 'broken.yaml']);
  expect(checked.code).toBe(1);
  expect(checked.out).toBe('valid cli/greet 1.0.0\n');
  expect(checked.err).toMatch(/^broken\.yaml:4:13: .*\n {2}4 \| {7}wait: 5\n {4}\| {13}\^\n$/);
  const none = await json<unknown[]>(['definitions']);
  expect(none).toEqual([]);

  expect(await perdure(['deploy', 'greet.yaml'])).toMatchObject({
    code: 0,
    out: 'deployed cli/greet 1.0.0\n',
  });
  expect(await perdure(['deploy', '-'], greet)).toMatchObject({
    code: 0,
    out: 'unchanged cli/greet 1.0.0\n',
  });
  const changed = await perdure(['deploy', '-', '--json'], greet.replace('Hello', 'Good day'));
  expect(changed.code).toBe(1);
  expect(JSON.parse(changed.out)).toMatchObject([{ outcome: 'refused', problem: { status: 409 } }]);

  expect(await json(['definitions'])).toMatchObject([{ namespace: 'cli', name: 'greet', latest: '1.0.0' }]);
  const workflows = await json<{ workflow: string }[]>(['workflows']);
  expect(workflows.map(({ workflow }) => workflow)).toEqual(['orderSaga', 'approval', 'cli/greet']);
});

test('a run is followed to its end, and its end is the exit code', async () => {
  await perdure(['deploy', '-'], greet);
  await perdure(['deploy', '-'], refuse);

  const ran = await perdure(['run', 'cli/greet', '--input', '@-', '--id', 'greet-1'], '{"name":"Ada"}');
  expect(ran.code).toBe(0);
  expect(ran.err).toContain('Execution greet-1 of cli/greet\n');
  expect(ran.out + ran.err).toMatch(/greet +completed/);
  expect(ran.out).toContain('"greeting": "Hello, Ada!"');

  const refused = await perdure(['run', 'cli/refuse', '--json']);
  expect(refused.code).toBe(1);
  expect(JSON.parse(refused.out)).toMatchObject({
    status: 'faulted',
    error: { status: 409, title: 'Not today' },
  });

  const shown = await perdure(['show', 'greet-1']);
  expect(shown.code).toBe(0);
  expect(shown.out).toMatch(/^id: +greet-1\nworkflow: cli\/greet 1\.0\.0\nstatus: +completed\n/);
  expect(await json(['show', 'greet-1'])).toMatchObject({
    id: 'greet-1',
    output: { greeting: 'Hello, Ada!' },
  });

  // Lists come from visibility, which is about a second behind.
  const listed = await eventually('both in the list', async () => {
    const { out } = await perdure(['ls', '--status', 'completed']);
    return out.includes('greet-1') ? out : undefined;
  });
  expect(listed).toMatch(/^ID +WORKFLOW +VERSION +STATUS +STARTED +DURATION\n/);
  expect(listed).not.toContain('cli/refuse');
});

test('an approval is started, decided by a signal, and followed again', async () => {
  const started = await perdure([
    'run',
    'approval',
    '--no-follow',
    '--id',
    'coffee',
    '--input',
    JSON.stringify(approval),
  ]);
  expect(started).toEqual({ code: 0, out: 'coffee\n', err: '' });
  const decision = JSON.stringify({ id: '1', who: 'bob', verdict: 'approve' });
  const signalled = await perdure(['signal', 'coffee', 'decide', '--input', decision]);
  expect(signalled).toEqual({ code: 0, out: 'Signal decide was sent to coffee\n', err: '' });
  const output = await eventually('the approval', async () => {
    const { status, output: told } = await json<{ status: string; output: unknown }>(['show', 'coffee']);
    return status === 'completed' ? told : undefined;
  });
  expect(output).toMatchObject({ status: 'approved' });
  expect(await perdure(['signal', 'coffee', 'decide', '--input', decision])).toMatchObject({
    code: 1,
    out: '',
    err: 'The execution "coffee" has ended\n',
  });
});

test('a cancel and a terminate end executions, once', async () => {
  for (const id of ['to-cancel', 'to-terminate']) {
    await perdure(['run', 'approval', '--no-follow', '--id', id, '--input', JSON.stringify(approval)]);
  }
  expect(await perdure(['cancel', 'to-cancel'])).toMatchObject({
    code: 0,
    out: 'Asked to-cancel to cancel\n',
  });
  expect(await perdure(['terminate', 'to-terminate', '--reason', 'a test'])).toMatchObject({
    code: 0,
    out: 'Terminated to-terminate\n',
  });
  for (const id of ['to-cancel', 'to-terminate']) {
    await eventually(`the end of ${id}`, async () => {
      const { status } = await json<{ status: string }>(['show', id]);
      return status === 'cancelled' ? status : undefined;
    });
    expect((await perdure(['cancel', id])).code).toBe(1);
  }
});

test('an execution is suspended, seen so, resumed and moved to another version', async () => {
  const doze = 'do: [{ doze: { wait: { hours: 1 } } }, { end: { set: { done: true } } }]';
  await perdure(['deploy', '-'], `${header('doze')}${doze}`);
  await perdure(
    ['deploy', '-'],
    `${header('doze').replace('1.0.0', '2.0.0')}${doze.replace('true', 'later')}`,
  );
  await perdure(
    ['deploy', '-'],
    `${header('doze').replace('1.0.0', '3.0.0')}do: [{ end: { set: { a: 1 } } }]`,
  );
  await perdure(['run', 'cli/doze', '--version', '1.0.0', '--no-follow', '--id', 'doze-1']);
  await eventually('the wait', async () => {
    const { status } = await json<{ status: string }>(['show', 'doze-1']);
    return status === 'waiting' ? status : undefined;
  });

  expect((await perdure(['suspend', 'doze-1', '--dry-run'])).out).toMatch(
    /^doze-1 is waiting\nTasks under way:\n {2}… doze/,
  );
  expect(await perdure(['suspend', 'doze-1'])).toEqual({ code: 0, out: 'doze-1 is suspended\n', err: '' });
  expect((await perdure(['show', 'doze-1'])).out).toMatch(/^suspended since \d{4}-/m);
  expect((await perdure(['suspend', 'doze-1', '--dry-run'])).out).toContain('suspend would change nothing\n');
  expect(await json(['resume', 'doze-1'])).toMatchObject({ id: 'doze-1' });

  const unsafe = await perdure(['migrate', 'doze-1', '--to', '3.0.0']);
  expect(unsafe).toMatchObject({ code: 1, out: '' });
  expect(unsafe.err).toMatch(/^In the way:\n {2}\/do\/0\/doze: /m);
  expect((await perdure(['migrate', 'doze-1', '--to', '3.0.0', '--dry-run'])).code).toBe(1);
  const moved = await perdure(['migrate', 'doze-1', '--to', '2.0.0']);
  expect(moved).toMatchObject({ code: 0, err: '' });
  expect(moved.out).toContain('doze-1 can go on with version 2.0.0; it runs 1.0.0.\nDifferences:\n  changed');
  await eventually('the move', async () => {
    const { version } = await json<{ version: string }>(['show', 'doze-1']);
    return version === '2.0.0' ? version : undefined;
  });
  const tasks = await perdure(['tasks', 'doze-1']);
  expect(tasks.out).toMatch(/^SEQ +TASK .*\n1 +\/do\/0\/doze +waiting/);

  expect((await perdure(['cancel', 'doze-1', '--dry-run'])).out).toContain('Tasks under way:\n  … doze');
  expect((await perdure(['terminate', 'doze-1', '--reason', 'x', '--dry-run'])).code).toBe(0);
  expect((await perdure(['cancel', 'doze-1', '--no-compensate'])).code).toBe(0);
}, 120_000);

test('one that is held ends the following, and says how to retry it', async () => {
  const held = header('held').replace('}', ', metadata: { onFault: hold } }');
  const body =
    'do: [{ pay: { if: .paid != true, raise: { error: { type: https://x.test/no, status: 402, title: No } } } }]';
  await perdure(['deploy', '-'], held + body);
  const ran = await perdure(['run', 'cli/held', '--id', 'held-1']);
  expect(ran.code).toBe(1);
  expect(ran.out).toContain('faulted, held open');
  expect(ran.out).toContain('Retry it with: perdure retry held-1');

  const plan = await perdure(['retry', 'held-1', '--dry-run']);
  expect(plan.out).toBe('held-1 would go on at /do/0/pay, in place; nothing was changed.\n');
  const retried = await perdure(['retry', 'held-1', '--input', '{"paid": true}']);
  expect(retried).toMatchObject({ code: 0, err: '' });
  expect(retried.out).toBe('held-1 goes on in place. See it with: perdure show held-1\n');
  await eventually('its end', async () => {
    const { status } = await json<{ status: string }>(['show', 'held-1']);
    return status === 'completed' ? status : undefined;
  });
  expect((await perdure(['retry', 'held-1'])).code).toBe(1);
}, 120_000);

test('a run begins at the task that it names', async () => {
  const steps =
    "do: [{ first: { set: { first: true } } }, { last: { set: '${ . + { by: $context.by } }' } }]";
  await perdure(['deploy', '-'], header('steps') + steps);
  const place = ['--start-at', '/do/1/last', '--data', '{"given": 1}', '--context', '{"by": "me"}'];
  const ran = await perdure(['run', 'cli/steps', ...place, '--json']);
  expect(ran.code).toBe(0);
  expect(JSON.parse(ran.out)).toMatchObject({ output: { given: 1, by: 'me' } });
  const refused = await perdure(['run', 'cli/steps', '--start-at', '/do/9/none']);
  expect(refused).toMatchObject({ code: 1, out: '' });
  expect(refused.err).toContain('there is no task /do/9/none');
});

test('a history that the service hands out replays; one that ran something else does not', async () => {
  const nap = `${header('nap')}do:\n  - nap:\n      wait: { milliseconds: 10 }\n`;
  await perdure(['deploy', '-'], nap);
  await perdure(['run', 'cli/nap', '--id', 'recorded']);
  const response = await fetch(`${service.url}/v1/executions/recorded/history`);
  const history = await response.text();
  const recorded = await writeHistory('recorded.json', history);
  const good = await perdure(['replay', recorded]);
  expect(good.out).toContain('1 history: 1 ok, 0 failed');
  expect(good.code).toBe(0);

  const argument = /"data": "([^"]+)"/.exec(history)?.[1] ?? '';
  const definition = Buffer.from(argument, 'base64').toString();
  const other = definition.replace('"wait":{"milliseconds":10}', '"set":{"slept":false}');
  expect(other).not.toBe(definition);
  await writeHistory('other.json', history.replace(argument, Buffer.from(other).toString('base64')));
  const bad = await perdure(['replay', recorded]);
  expect(bad.out).toContain('2 histories: 1 ok, 1 failed');
  expect(bad.code).toBe(1);
}, 120_000);

test.each([
  [1, 'an execution that is not there', ['show', 'nobody'], 'There is no execution "nobody"'],
  [1, 'a workflow that is not there', ['run', 'cli/nothing'], 'There is no definition cli/nothing'],
  [1, 'an input that does not fit', ['run', 'approval', '--input', '{}'], '"subject" is missing'],
  [2, 'an unknown command', ['fly'], "unknown command 'fly'"],
  [
    2,
    'an unknown role',
    ['start', '--role', 'king'],
    '--role must be one of all, api, worker, bridge, found "king"',
  ],
  [2, 'an input that is no JSON', ['run', 'approval', '--input', '{'], '--input is not JSON'],
  [
    2,
    'a file that is not there',
    ['deploy', 'no-such.yaml'],
    'Cannot read no-such.yaml: there is no such file',
  ],
])('exit code %i: %s', async (code, _what, args, message) => {
  const ended = await perdure(args);
  expect(ended.err).toContain(message);
  expect(ended).toMatchObject({ code, out: '' });
});

test('exit code 3: no service answers', async () => {
  const { code, err } = await perdure(['ls'], '', 'http://127.0.0.1:9');
  expect(err).toContain('No Perdure service answers on http://127.0.0.1:9. Start one with "npm start"');
  expect(code).toBe(3);
});
