import { setTimeout as delay } from 'node:timers/promises';
import { CancelledFailure } from '@temporalio/activity';
import type { Json, JsonObject } from '../../dsl/json.ts';
import type { McpArguments } from '../../dsl/types.ts';
import { faultOf, openCalls } from '../calls-under-test.ts';
import type { CallsUnderTest } from '../calls-under-test.ts';
import { startToolServer } from '../../test/mcp/tool-server.ts';
import type { ToolServerUnderTest } from '../../test/mcp/tool-server.ts';

describe('calls of MCP servers over HTTP', () => {
  let server: ToolServerUnderTest;
  let calls: CallsUnderTest;

  beforeAll(async () => {
    server = await startToolServer();
    calls = await openCalls([server.host], { token: 'hush-hush-token' });
  });

  afterAll(async () => {
    await calls.close();
    await server.close();
  });

  const call = (method: string, parameters?: Json, changes: JsonObject = {}, path = '/mcp'): McpArguments =>
    ({
      method,
      ...(parameters === undefined ? {} : { parameters }),
      transport: { http: { endpoint: `${server.origin}${path}` } },
      ...changes,
    }) as McpArguments;

  it.each(['/mcp', '/json', '/moved'])('gives the results of every method of %s', async (path) => {
    const run = (method: string, parameters?: Json): Promise<Json> =>
      calls.mcp(call(method, parameters, {}, path));
    expect(await run('tools/list')).toMatchObject({
      tools: expect.arrayContaining([expect.objectContaining({ name: 'greet' })]),
    });
    expect(await run('tools/call', { name: 'greet', arguments: { name: 'Ada' } })).toEqual({
      content: [{ type: 'text', text: 'Hello, Ada!' }],
      structuredContent: { greeting: 'Hello, Ada!' },
    });
    expect(await run('prompts/list')).toMatchObject({ prompts: [{ name: 'review' }] });
    expect(await run('prompts/get', { name: 'review', arguments: { code: '1+1' } })).toMatchObject({
      messages: [{ role: 'user', content: { text: 'Review: 1+1' } }],
    });
    expect(await run('resources/list')).toMatchObject({ resources: [{ uri: 'docs://readme' }] });
    expect(await run('resources/read', { uri: 'docs://pages/7' })).toMatchObject({
      contents: [{ text: 'Page 7' }],
    });
    expect(await run('resources/templates/list')).toMatchObject({
      resourceTemplates: [{ uriTemplate: 'docs://pages/{page}' }],
    });
  });

  it('opens a session in the version that it asks for, and ends it', async () => {
    server.seen.length = 0;
    server.events.length = 0;
    await calls.mcp(call('tools/list', {}, { protocolVersion: '2025-03-26' }));
    expect(server.seen.map(({ http, mcp }) => [http, mcp])).toEqual([
      ['POST', 'initialize'],
      ['POST', 'notifications/initialized'],
      ['POST', 'tools/list'],
      ['DELETE', undefined],
    ]);
    expect(server.seen[0]?.message).toMatchObject({
      params: { protocolVersion: '2025-03-26', clientInfo: { name: 'perdure' } },
    });
    expect(server.seen[2]?.headers['mcp-protocol-version']).toBe('2025-03-26');
    // Only the request itself: a gateway would take the others for repetitions of it.
    expect(server.seen.map(({ headers }) => headers['idempotency-key'])).toEqual([
      undefined,
      undefined,
      'key-1',
      undefined,
    ]);
    expect(server.events).toEqual(['closed']);
    await calls.mcp(call('tools/list'));
    expect(server.seen[4]?.message).toMatchObject({ params: { protocolVersion: '2025-06-18' } });
  });

  it('says who it is where the definition says so', async () => {
    const client = { name: 'shop', version: '7' };
    const result = await calls.mcp(call('tools/call', { name: 'client', arguments: {} }, { client }));
    expect(result).toMatchObject({ content: [{ text: JSON.stringify(client) }] });
  });

  it('sends the headers and the authorization of the definition', async () => {
    const http = {
      endpoint: { uri: `${server.origin}/locked`, authentication: { bearer: { token: 'open' } } },
      headers: { 'x-shop': '7' },
    };
    await calls.mcp(call('tools/list', {}, { transport: { http } }));
    expect(server.seen.at(-2)?.headers).toMatchObject({ authorization: 'Bearer open', 'x-shop': '7' });
    expect(await faultOf(calls.mcp(call('tools/list', {}, {}, '/locked')))).toMatchObject({
      type: expect.stringMatching(/communication$/),
      status: 401,
    });
    const wrong = {
      http: { endpoint: { uri: `${server.origin}/locked`, authentication: { bearer: { token: 'shut' } } } },
    };
    expect(await faultOf(calls.mcp(call('tools/list', {}, { transport: wrong })))).toMatchObject({
      type: expect.stringMatching(/authentication$/),
      status: 401,
    });
  });

  it.each<[string, string, JsonObject, string]>([
    ['a tool that is not there', 'tools/call', { name: 'none' }, 'Tool none not found'],
    ['a tool that fails', 'tools/call', { name: 'fail' }, 'reported an error: there is no more paper'],
    ['a resource that is not there', 'resources/read', { uri: 'docs://none' }, 'MCP error'],
    ['arguments that do not fit', 'tools/call', { name: 'greet', arguments: {} }, 'Invalid arguments'],
  ])('makes %s a runtime error', async (_name, method, parameters, detail) => {
    expect(await faultOf(calls.mcp(call(method, parameters)))).toMatchObject({
      type: expect.stringMatching(/runtime$/),
      detail: expect.stringContaining(detail),
    });
  });

  it.each<[string, string, number, string]>([
    ['/down', 'communication', 503, 'POST'],
    ['/page', 'communication', 502, 'gave no answer of MCP'],
    ['/broken', 'communication', 502, 'got no complete answer'],
  ])('says what is wrong with the server at %s', async (path, type, status, detail) => {
    expect(await faultOf(calls.mcp(call('tools/list', {}, {}, path)))).toMatchObject({
      type: expect.stringMatching(new RegExp(`/${type}$`)),
      status,
      detail: expect.stringContaining(detail),
    });
  });

  it('keeps results within the limit', async () => {
    const flood = call('tools/call', { name: 'flood', arguments: { characters: 50_000 } });
    expect(await faultOf(calls.mcp(flood, { maxResponseBytes: 10_000 }))).toMatchObject({
      status: 413,
      detail: expect.stringContaining('(limits.payloadBytes)'),
    });
  });

  it('does not connect where it is not allowed to', async () => {
    const guarded = await openCalls([]);
    const before = server.seen.length;
    expect(await faultOf(guarded.mcp(call('tools/list')))).toMatchObject({ title: 'Forbidden Address' });
    expect(server.seen).toHaveLength(before);
    await guarded.close();
  });

  it('shows no secret that the server repeats', async () => {
    const greet = call('tools/call', { name: 'greet', arguments: { name: null } });
    const deferred = { '/parameters/arguments/name': '${ $secrets.token }' };
    const scope = { rawInput: null, input: null, variables: {}, mode: 'strict' } as const;
    expect(await calls.mcp(greet, { deferred, scope })).toMatchObject({
      structuredContent: { greeting: 'Hello, ***!' },
    });
  });

  it('ends at the timeout of the call', async () => {
    const wait = call('tools/call', { name: 'wait' }, { timeout: { milliseconds: 300 } });
    expect(await faultOf(calls.mcp(wait))).toMatchObject({
      type: expect.stringMatching(/timeout$/),
      status: 408,
      detail: expect.stringContaining('within 300 ms'),
    });
    expect(await faultOf(calls.mcp(call('tools/list', {}, { timeout: 'soon' })))).toMatchObject({
      type: expect.stringMatching(/expression$/),
    });
  });

  it('ends when it is cancelled, and tells the server', async () => {
    server.events.length = 0;
    const outcome = calls.mcp(call('tools/call', { name: 'wait' })).catch((error: unknown) => error);
    while (!server.events.includes('waiting')) await delay(10);
    calls.environment.cancel();
    expect(await outcome).toBeInstanceOf(CancelledFailure);
    while (!server.events.includes('cancelled')) await delay(10);
  });
});
