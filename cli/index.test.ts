import { findFreePort } from '../temporal/free-port.ts';
import { main } from './index.ts';
import { recordingTerminal } from './recording-terminal.ts';

async function run(
  argv: string[],
  environment: Record<string, string> = {},
): Promise<{ code: number; out: string; err: string }> {
  const terminal = recordingTerminal();
  const code = await main(argv, terminal, environment);
  return { code, ...terminal.written };
}

test('without arguments the help comes, with every command', async () => {
  const { code, out } = await run([]);
  expect(code).toBe(0);
  const commands = ['start', 'deploy', 'validate', 'run', 'ls', 'show', 'tasks', 'signal', 'replay'];
  const operations = ['suspend', 'resume', 'retry', 'migrate', 'cancel', 'terminate'];
  for (const command of [...commands, ...operations])
    expect(out).toMatch(new RegExp(`^  ${command}\\b`, 'm'));
});

test.each([
  ['an unknown command', ['fly'], "unknown command 'fly'"],
  ['a missing argument', ['show'], "missing required argument 'id'"],
  ['an unknown option', ['ls', '--color'], "unknown option '--color'"],
  ['a status that is none', ['ls', '--status', 'sleeping'], 'Allowed choices are pending'],
  ['a limit that is none', ['ls', '--limit', 'all'], 'whole number from 1 to 500'],
  ['an input that is no JSON', ['run', 'a/b', '--input', '{'], '--input is not JSON'],
  ['data without a task', ['run', 'a/b', '--data', '{}'], '--data goes with --start-at'],
  ['data that is no JSON', ['run', 'a/b', '--start-at', '/do/0/a', '--data', '{'], '--data is not JSON'],
  ['a migration to nowhere', ['migrate', 'a'], "required option '--to <version>'"],
  ['a page before nothing', ['tasks', 'a', '--before', '0'], 'number of a task run, 1 or more'],
  [
    'a file that is not there',
    ['deploy', '/no/such.yaml'],
    'Cannot read /no/such.yaml: there is no such file',
  ],
  ['an address that is none', ['ls', '--url', 'ftp://x'], 'must be an http or https URL, found "ftp://x"'],
])('%s is a mistake in the usage', async (_what, argv, message) => {
  const { code, err } = await run(argv);
  expect(code).toBe(2);
  expect(err).toContain(message);
  expect(err).not.toMatch(/^\s+at /m);
});

test('a variable that is empty counts as unset', async () => {
  const port = await findFreePort();
  const { err } = await run(['ls'], { PERDURE_URL: '', PORT: String(port), PERDURE_API_KEY: '' });
  expect(err).toContain(`No Perdure service answers on http://127.0.0.1:${port}.`);
});

test.each([
  ['start', ['--role <role>', '--watch', 'docs/configuration.md']],
  ['replay', ['[dir...]', '--namespace <name>', '--query <query>', 'docs/operations/replay.md']],
  ['bundle', ['--out <file>']],
])('the help of %s tells its options, although another program runs it', async (command, options) => {
  const { code, out } = await run([command, '--help']);
  expect(code).toBe(0);
  for (const option of options) expect(out).toContain(option);
});

test.each(['suspend', 'resume', 'retry', 'migrate', 'cancel', 'terminate'])(
  'the help of %s has an example and the dry run',
  async (command) => {
    const { code, out } = await run([command, '--help']);
    expect(code).toBe(0);
    expect(out).toContain(`\n  $ perdure ${command} order-1`);
    expect(out).toContain('--dry-run');
  },
);

test('a service that does not answer has an exit code of its own, and the message says what to do', async () => {
  const port = await findFreePort();
  const { code, err } = await run(['ls'], { PORT: String(port) });
  expect(code).toBe(3);
  expect(err).toBe(
    `No Perdure service answers on http://127.0.0.1:${port}. Start one with "npm start", or set PERDURE_URL.\n`,
  );
});
