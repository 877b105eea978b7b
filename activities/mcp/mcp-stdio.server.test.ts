import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CancelledFailure } from '@temporalio/activity';
import { defaults } from '../../config/defaults.ts';
import type { Json, JsonObject } from '../../dsl/json.ts';
import type { McpArguments } from '../../dsl/types.ts';
import { faultOf, openCalls } from '../calls-under-test.ts';
import type { CallsUnderTest } from '../calls-under-test.ts';
import { openProcesses } from '../run/open-processes.ts';
import type { OpenProcesses } from '../run/open-processes.ts';
import { treeUsage } from '../sandbox/process-tree.ts';

const root = join(__dirname, '../..');
const program = join(root, 'test/mcp/stdio-server.ts');

describe('calls of MCP servers that are programs', () => {
  let opened: OpenProcesses;
  let calls: CallsUnderTest;

  const open = async (mcpStdio: boolean): Promise<CallsUnderTest> => {
    opened = openProcesses({ ...defaults.run, mcpStdio, docker: { volumes: [] } }, root);
    return openCalls([], { token: 'hush-hush-token' }, { processes: opened.processes });
  };

  beforeEach(async () => {
    calls = await open(true);
  });

  afterEach(async () => {
    await calls.close();
    await opened.close();
  });

  const call = (method: string, parameters: Json, changes: JsonObject = {}): McpArguments =>
    ({
      method,
      parameters,
      transport: { stdio: { command: process.execPath, arguments: [program], ...changes } },
    }) as McpArguments;

  it('gives results, and leaves nothing behind', async () => {
    expect(await calls.mcp(call('tools/call', { name: 'greet', arguments: { name: 'Ada' } }))).toMatchObject({
      structuredContent: { greeting: 'Hello, Ada!' },
    });
    expect((await readdir(tmpdir())).filter((name) => name.startsWith('perdure-mcp-'))).toEqual([]);
  });

  it('gives the program the declared environment and nothing of the worker', async () => {
    const result = (await calls.mcp(
      call('tools/call', { name: 'environment' }, { environment: { SHOP: '7' } }),
    )) as {
      readonly content: readonly [{ readonly text: string }];
    };
    const {
      PWD: _pwd,
      OLDPWD: _old,
      SHLVL: _level,
      _: _command,
      ...variables
    } = JSON.parse(result.content[0].text) as JsonObject;
    expect(variables).toEqual({
      SHOP: '7',
      PATH: '/usr/local/bin:/usr/bin:/bin',
      HOME: expect.stringContaining('perdure-mcp-'),
    });
  });

  it('hands secrets to the program and shows none', async () => {
    const described = call('tools/call', { name: 'environment' }, { environment: { TOKEN: null } });
    const deferred = { '/transport/stdio/environment/TOKEN': '${ $secrets.token }' };
    const scope = { rawInput: null, input: null, variables: {}, mode: 'strict' } as const;
    const result = JSON.stringify(await calls.mcp(described, { deferred, scope }));
    expect(result).toContain('***');
    expect(result).not.toContain('hush-hush');
  });

  it.each<[string, JsonObject, JsonObject, string]>([
    ['ends', { name: 'exit' }, {}, 'ended with exit code 3: out of luck'],
    ['is not there', {}, { command: 'no-such-program' }, 'ended with exit code 127'],
    ['prints what is no message', {}, { arguments: [program, 'noise'] }, 'that is no message of MCP'],
  ])('says that the program %s', async (_name, parameters, changes, detail) => {
    expect(await faultOf(calls.mcp(call('tools/call', parameters, changes)))).toMatchObject({
      type: expect.stringMatching(/runtime$/),
      title: 'MCP Server Failed',
      detail: expect.stringContaining(detail),
    });
  });

  it('kills the program with what it started when it is cancelled', async () => {
    const before = new Set((await treeUsage(process.pid))?.pids);
    const stubborn = call('tools/call', { name: 'wait' }, { arguments: [program, 'child'] });
    const outcome = calls.mcp(stubborn).catch((error: unknown) => error);
    const started = async (): Promise<number[]> =>
      ((await treeUsage(process.pid))?.pids ?? []).filter((pid) => !before.has(pid));
    while ((await started()).length < 2) await delay(50);
    calls.environment.cancel();
    expect(await outcome).toBeInstanceOf(CancelledFailure);
    while ((await started()).length > 0) await delay(50);
  });

  it('ends a program that does not answer', async () => {
    const silent = call('tools/list', {}, { command: 'sleep', arguments: ['60'] });
    expect(await faultOf(calls.mcp(silent, { timeoutMs: 500 }))).toMatchObject({
      type: expect.stringMatching(/timeout$/),
    });
  });

  it('is off unless the configuration turns it on', async () => {
    const closed = await open(false);
    expect(await faultOf(closed.mcp(call('tools/list', {})))).toMatchObject({
      type: expect.stringMatching(/configuration$/),
      detail: expect.stringContaining(
        'set run.mcpStdio to true in temporal-config.yaml (PERDURE_RUN_MCP_STDIO)',
      ),
    });
    await closed.close();
  });
});
