import { setTimeout as delay } from 'node:timers/promises';
import { CancelledFailure } from '@temporalio/activity';
import type { Json, JsonObject } from '../../dsl/json.ts';
import type { A2aArguments } from '../../dsl/types.ts';
import { faultOf, openCalls } from '../calls-under-test.ts';
import type { CallsUnderTest } from '../calls-under-test.ts';
import { startAgent } from './agent-under-test.ts';
import type { AgentUnderTest } from './agent-under-test.ts';

describe('calls of A2A agents', () => {
  let agent: AgentUnderTest;
  let calls: CallsUnderTest;

  beforeAll(async () => {
    // The SDK's server tells the console about everything that goes wrong.
    jest.spyOn(console, 'error').mockImplementation(() => undefined);
    agent = await startAgent();
    calls = await openCalls([agent.host, '127.0.0.1:9'], { token: 'hush-hush-token' });
  });

  afterAll(async () => {
    await calls.close();
    await agent.close();
    jest.restoreAllMocks();
  });

  const say = (text: string | null): JsonObject => ({ message: { parts: [{ kind: 'text', text }] } });
  const call = (method: string, parameters?: Json, changes: JsonObject = {}): A2aArguments =>
    ({
      method,
      ...(parameters === undefined ? {} : { parameters }),
      agentCard: { endpoint: `${agent.origin}/.well-known/agent-card.json` },
      ...changes,
    }) as A2aArguments;
  const at = (path: string): JsonObject => ({ agentCard: { endpoint: agent.origin + path } });
  const server = (method: string, parameters: Json, path = '/rpc', token?: string): A2aArguments => {
    const uri = `${agent.origin}${path}`;
    const endpoint = token === undefined ? uri : { uri, authentication: { bearer: { token } } };
    return { method, parameters, server: endpoint } as A2aArguments;
  };

  it('sends a message to the agent of a card, and to a server', async () => {
    for (const described of [call('message/send', say('hello')), server('message/send', say('hello'))]) {
      expect(await calls.a2a(described)).toMatchObject({
        kind: 'message',
        role: 'agent',
        parts: [{ kind: 'text', text: 'You said: hello' }],
      });
    }
  });

  it('completes the message with a role, and an id that stays for all attempts', async () => {
    const ids: unknown[] = [];
    for (const idempotencyKey of ['key-1', 'key-1', 'key-2']) {
      await calls.a2a(call('message/send', say('hello')), { idempotencyKey });
      const { body, headers } = agent.seen.at(-1) ?? {};
      expect(body).toMatchObject({ params: { message: { role: 'user', kind: 'message' } } });
      expect(headers).toMatchObject({ 'idempotency-key': idempotencyKey });
      ids.push((body as { params: { message: { messageId: string } } }).params.message.messageId);
    }
    expect(ids[0]).toMatch(/^[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    expect(ids[1]).toBe(ids[0]);
    expect(ids[2]).not.toBe(ids[0]);
    const own = { message: { messageId: 'm-7', role: 'agent', parts: [] } };
    await calls.a2a(call('message/send', own));
    expect(agent.seen.at(-1)?.body).toMatchObject({
      params: { message: { messageId: 'm-7', role: 'agent' } },
    });
  });

  it('gives a stream as a list, and what became of its task', async () => {
    const events = await calls.a2a(call('message/stream', say('work')));
    expect(events).toMatchObject([
      { kind: 'task', status: { state: 'submitted' } },
      { kind: 'status-update', status: { state: 'working' } },
      { kind: 'status-update', status: { state: 'completed' }, final: true },
    ]);
    const id = (events as readonly JsonObject[])[0]?.id ?? null;
    expect(await calls.a2a(call('tasks/get', { id }))).toMatchObject({ id, status: { state: 'completed' } });
    expect(await calls.a2a(call('tasks/resubscribe', { id }))).toMatchObject([
      { id, status: { state: 'completed' } },
    ]);
  });

  it('cancels a task', async () => {
    const configuration = { blocking: false };
    const task = (await calls.a2a(call('message/send', { ...say('wait'), configuration }))) as JsonObject;
    expect(await calls.a2a(call('tasks/cancel', { id: task.id ?? null }))).toMatchObject({
      status: { state: 'canceled' },
    });
  });

  it('sets, gets, lists and deletes configurations of notifications, and gets the extended card', async () => {
    const task = (await calls.a2a(call('message/send', say('work')))) as { readonly id: string };
    const config = {
      taskId: task.id,
      pushNotificationConfig: { id: 'c-1', url: 'https://shop.example/hook' },
    };
    const gone = { id: task.id, pushNotificationConfigId: 'c-1' };
    expect(await calls.a2a(call('tasks/pushNotificationConfig/set', config))).toMatchObject(config);
    expect(await calls.a2a(call('tasks/pushNotificationConfig/get', gone))).toMatchObject({
      taskId: task.id,
    });
    expect(await calls.a2a(call('tasks/pushNotificationConfig/list', { id: task.id }))).toMatchObject([
      config,
    ]);
    expect(await calls.a2a(call('tasks/pushNotificationConfig/delete', gone))).toBeNull();
    expect(await calls.a2a(call('agent/getAuthenticatedExtendedCard'))).toMatchObject({
      name: 'Echo',
    });
  });

  it.each<[string, string, JsonObject, string]>([
    ['a task that is not there', 'tasks/get', { id: 'none' }, 'Task not found'],
    ['a stream of a task that is not there', 'tasks/resubscribe', { id: 'none' }, 'Task not found'],
    ['a method that the agent does not have', 'tasks/list', {}, 'Method not found'],
  ])('makes %s a runtime error', async (_name, method, parameters, detail) => {
    expect(await faultOf(calls.a2a(call(method, parameters)))).toMatchObject({
      type: expect.stringMatching(/runtime$/),
      title: 'A2A Error',
      detail: expect.stringContaining(detail),
    });
  });

  it('says what is wrong with a card', async () => {
    const faults = [
      ['/card-of-text', 'configuration', 'it is not JSON'],
      ['/card-of-grpc', 'configuration', 'names no URL where the agent takes JSON-RPC'],
      ['/no-card', 'communication', 'answered 404'],
      ['/card-elsewhere', 'communication', 'ECONNREFUSED'],
    ] as const;
    for (const [path, type, detail] of faults) {
      expect(await faultOf(calls.a2a(call('message/send', say('hello'), at(path))))).toMatchObject({
        type: expect.stringMatching(new RegExp(`/${type}$`)),
        detail: expect.stringContaining(detail),
      });
    }
  });

  it('shows who it is to the agent, and not to one that the card places elsewhere', async () => {
    const endpoint = { uri: `${agent.origin}/card-locked`, authentication: { bearer: { token: 'open' } } };
    expect(await calls.a2a(call('message/send', say('hello'), { agentCard: { endpoint } }))).toMatchObject({
      kind: 'message',
    });
    expect(await faultOf(calls.a2a(server('message/send', say('hello'), '/locked')))).toMatchObject({
      type: expect.stringMatching(/communication$/),
      status: 401,
    });
    expect(await faultOf(calls.a2a(server('message/send', say('hello'), '/locked', 'shut')))).toMatchObject({
      type: expect.stringMatching(/authentication$/),
    });
    expect(await faultOf(calls.a2a(server('message/send', say('hello'), '/down')))).toMatchObject({
      type: expect.stringMatching(/communication$/),
      status: 503,
    });
  });

  it('keeps results within the limit', async () => {
    for (const method of ['message/send', 'message/stream']) {
      const fault = await faultOf(
        calls.a2a(call(method, say('x'.repeat(20_000))), { maxResponseBytes: 10_000 }),
      );
      expect(fault).toMatchObject({ status: 413, detail: expect.stringContaining('(limits.payloadBytes)') });
    }
  });

  it('does not connect where it is not allowed to, whatever a card says', async () => {
    const guarded = await openCalls([]);
    expect(await faultOf(guarded.a2a(call('message/send', say('hello'))))).toMatchObject({
      title: 'Forbidden Address',
    });
    const onlyCards = await openCalls([agent.host]);
    expect(
      await faultOf(onlyCards.a2a(call('message/send', say('hello'), at('/card-elsewhere')))),
    ).toMatchObject({ title: 'Forbidden Address' });
    await guarded.close();
    await onlyCards.close();
  });

  it('shows no secret that the agent repeats', async () => {
    const deferred = { '/parameters/message/parts/0/text': '${ $secrets.token }' };
    const scope = { rawInput: null, input: null, variables: {}, mode: 'strict' } as const;
    const result = await calls.a2a(call('message/send', say(null)), { deferred, scope });
    expect(result).toMatchObject({ parts: [{ text: 'You said: ***' }] });
  });

  it('ends at its deadline', async () => {
    const fault = await faultOf(calls.a2a(call('message/stream', say('wait')), { timeoutMs: 300 }));
    expect(fault).toMatchObject({ type: expect.stringMatching(/timeout$/), status: 408 });
  });

  it('ends when it is cancelled', async () => {
    const before = agent.seen.length;
    const outcome = calls.a2a(call('message/stream', say('wait'))).catch((error: unknown) => error);
    while (agent.seen.length === before) await delay(10);
    calls.environment.cancel();
    expect(await outcome).toBeInstanceOf(CancelledFailure);
  });
});
