/** What scripts in JavaScript see and give, in the child process that really runs them. */
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { openProcessRunner } from './run-process.ts';
import type { Outcome, ProcessRunner } from './run-process.ts';

let runner: ProcessRunner;

beforeAll(() => {
  runner = openProcessRunner(join(__dirname, '../..'), {}, { token: 'open-sesame' });
});

afterAll(() => runner.close());

function js(code: string, described: object = {}): Promise<Outcome> {
  return runner.run('script', { language: 'js', code, ...described });
}

const printed = (stdout: string, code = 0, stderr = ''): Outcome => ({ output: { code, stdout, stderr } });

test("the specification's example reads its input, arguments and environment", async () => {
  const code = `
    import { readFileSync } from 'node:fs';
    const stdin = readFileSync(process.stdin.fd, 'utf8');
    console.log('stdin > ', stdin)
    const [_, __, arg] = process.argv;
    console.log('arg > ', arg)
    const foo = process.env.foo;
    console.log('env > ', foo)`;
  const given = { stdin: 'Hello Workflow', arguments: ['hello'], environment: { foo: 'bar' } };
  expect(await js(code, given)).toEqual(printed('stdin >  Hello Workflow\narg >  hello\nenv >  bar\n'));
});

test('data that is not text comes as JSON', async () => {
  const code = `const { a } = JSON.parse(await (async () => { let all = ''; for await (const part of process.stdin) all += part; return all })());
    console.log(a, process.argv[2], process.env.n, 'gone' in process.env)`;
  const given = { stdin: { a: [1] }, arguments: [{ b: 2 }], environment: { n: 3, gone: null } };
  expect(await js(code, given)).toEqual(printed('[1] {"b":2} 3 false\n'));
});

test.each([
  ['an error that nobody catches', `throw new TypeError('no')`, 1, /^Uncaught TypeError: no\n/],
  ['a rejected promise', `await Promise.reject(new Error('late'))`, 1, /^Uncaught Error: late\n/],
  ['broken syntax', `let let = 1`, 1, /^Uncaught SyntaxError/],
  ['process.exit', `process.exit(7); console.log('never')`, 7, /^$/],
  ['process.exitCode', `process.exitCode = 3`, 3, /^$/],
  ['an unknown module', `import 'node:net'`, 1, /"node:net" cannot be imported/],
])('%s gives an exit code', async (_name, code, exitCode, stderr) => {
  expect(await js(code)).toEqual({
    output: { code: exitCode, stdout: '', stderr: expect.stringMatching(stderr) as string },
  });
});

test('timers run in order, and await waits for them', async () => {
  const code = `setTimeout(() => console.log('second'), 30); setTimeout(() => console.log('first'), 10);
    await new Promise((resolve) => setTimeout(resolve, 50)); console.log('third')`;
  expect(await js(code)).toEqual(printed('first\nsecond\nthird\n'));
});

test('it is ECMAScript 2024', async () => {
  const code = `console.log(Object.groupBy([1, 2], (n) => n % 2 ? 'odd' : 'even').odd[0],
    typeof Promise.withResolvers, /[\\p{L}--[a-z]]/v.test('A'), 'a'.isWellFormed(), new ArrayBuffer(8, { maxByteLength: 16 }).resizable)`;
  expect(await js(code)).toEqual(printed('1 function true true true\n'));
});

test.each([
  ['stdout', 'out\n'],
  ['stderr', 'err\n'],
  ['code', 0],
  ['all', { code: 0, stdout: 'out\n', stderr: 'err\n' }],
  ['none', null],
] as const)('return: %s', async (form, output) => {
  const code = `console.log('out'); console.error('err')`;
  const given = { language: 'js', code };
  expect(await runner.run('script', given, { return: form })).toEqual({ output });
});

test('a script that fails faults, unless its exit code is asked for', async () => {
  const given = { language: 'js', code: `console.error('the disk is full'); process.exit(2)` };
  for (const form of ['stdout', 'stderr', 'none'] as const) {
    expect(await runner.run('script', given, { return: form })).toEqual({
      error: {
        type: 'https://open-workflow-specification.org/spec/1.0.0/errors/runtime',
        status: 500,
        title: 'Process Failed',
        instance: '/do/0/run',
        detail: 'run ended with exit code 2: the disk is full',
      },
    });
  }
  expect(await runner.run('script', given, { return: 'code' })).toEqual({ output: 2 });
});

test('a secret reaches the script and comes out as ***', async () => {
  const scope = { rawInput: null, input: null, variables: {}, mode: 'strict' as const };
  const described = { language: 'js', environment: { TOKEN: null } };
  const deferred = { '/environment/TOKEN': '${ $secrets.token }' };
  const shown = `console.log(process.env.TOKEN, process.env.TOKEN.length)`;
  expect(await runner.run('script', { ...described, code: shown }, { deferred, scope })).toEqual(
    printed('*** 11\n'),
  );
  const thrown = await runner.run(
    'script',
    { ...described, code: `throw new Error(process.env.TOKEN)` },
    { deferred, scope, return: 'stdout' },
  );
  expect(JSON.stringify(thrown)).toContain('***');
  expect(JSON.stringify(thrown)).not.toContain('open-sesame');
});

describe('a source', () => {
  let server: Server;
  let url: string;

  beforeAll(async () => {
    server = createServer((request, response) => {
      if (request.url === '/script.js') response.end(`console.log('fetched')`);
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(() => {
    server.close();
  });

  const from = (endpoint: string): Promise<Outcome> =>
    runner.run('script', { language: 'js', source: { endpoint } });

  test('is fetched', async () => {
    expect(await from(`${url}/script.js`)).toEqual(printed('fetched\n'));
  });

  test('that is missing faults', async () => {
    expect(await from(`${url}/nothing.js`)).toMatchObject({ error: { status: 404 } });
  });

  test.each([
    ['a file of the worker', 'file:///etc/passwd', { status: 400 }],
    ['a relative path', '../../etc/passwd', { status: 400 }],
    ['an address that is not allowed', 'http://169.254.169.254/latest', { title: 'Forbidden Address' }],
  ])('is not %s', async (_name, endpoint, error) => {
    expect(await from(endpoint)).toMatchObject({ error });
  });
});

test('python and shell fault where they are off', async () => {
  const closed = openProcessRunner(join(__dirname, '../..'), { python: false, shell: false });
  const off = { title: 'Process Turned Off', status: 400 };
  const python = await closed.run('script', { language: 'python', code: 'print(1)' });
  expect(python).toMatchObject({
    error: { ...off, detail: expect.stringContaining('PERDURE_RUN_PYTHON') as string },
  });
  expect(await closed.run('shell', { command: 'echo' })).toMatchObject({ error: off });
  expect(await closed.run('container', { image: 'x' })).toMatchObject({ error: off });
  await closed.close();
});

test('a cancelled script is killed', async () => {
  const cancel = new AbortController();
  setTimeout(() => cancel.abort(new Error('cancelled')), 300);
  const described = { language: 'js', code: 'for (;;) {}' };
  await expect(runner.run('script', described, { signal: cancel.signal })).rejects.toThrow('cancelled');
});

test('scripts wait their turn, and a turn that does not come is a timeout', async () => {
  const narrow = openProcessRunner(join(__dirname, '../..'), { concurrency: 1 });
  const wait = { language: 'js', code: 'await new Promise((resolve) => setTimeout(resolve, 1_500))' };
  const [first, second] = await Promise.all([
    narrow.run('script', wait),
    narrow.run('script', wait, { timeoutMs: 300 }),
  ]);
  expect(first).toEqual(printed(''));
  expect(second).toMatchObject({
    error: { status: 408, detail: expect.stringContaining('run.concurrency') as string },
  });
  await narrow.close();
});
