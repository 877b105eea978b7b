import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CancelledFailure } from '@temporalio/activity';
import type { Json, JsonObject } from '../../dsl/json.ts';
import type { GrpcArguments } from '../../dsl/types.ts';
import { faultOf, openCalls } from '../calls-under-test.ts';
import type { CallsUnderTest } from '../calls-under-test.ts';
import { answerJson, startPartner } from '../partner-under-test.ts';
import type { Partner } from '../partner-under-test.ts';
import { greeterProto, messagesProto, startGreeter } from './greeter-under-test.ts';
import type { GreeterUnderTest } from './greeter-under-test.ts';

const files: Readonly<Record<string, string>> = {
  '/protos/shop/greet/v1/greeter.proto': greeterProto,
  '/protos/shop/greet/v1/messages.proto': messagesProto,
  '/broken.proto': 'syntax = "proto3";\nmessage {',
  '/json.proto': '{"nested": {}}',
  '/escaping.proto': 'syntax = "proto3";\nimport "../../etc/secret.proto";',
};

describe('calls of gRPC methods', () => {
  let greeter: GreeterUnderTest;
  let partner: Partner;
  let calls: CallsUnderTest;
  let folder: string;

  beforeAll(async () => {
    greeter = await startGreeter();
    partner = await startPartner((request, response) => {
      const file = files[request.url];
      if (request.url === '/token')
        answerJson(response, 200, { access_token: 'fresh', token_type: 'bearer' });
      else if (file === undefined) response.writeHead(404).end();
      else response.end(file);
    });
    folder = await mkdtemp(join(tmpdir(), 'perdure-proto-'));
    await mkdir(join(folder, 'app/shop/greet/v1'), { recursive: true });
    await writeFile(join(folder, 'app/greet.proto'), greeterProto);
    await writeFile(join(folder, 'app/shop/greet/v1/messages.proto'), messagesProto);
    await symlink('/etc/passwd', join(folder, 'app/link.proto'));
    calls = await openCalls(
      ['127.0.0.1', 'localhost'],
      { token: 'hush-hush-token' },
      { grpc: { tls: [], protoFolder: folder } },
    );
  });

  afterAll(async () => {
    await calls.close();
    await partner.close();
    greeter.close();
    await rm(folder, { recursive: true });
  });

  const greet = (method: string, given?: Json, changes: JsonObject = {}): GrpcArguments =>
    ({
      proto: { endpoint: `${partner.origin}/protos/shop/greet/v1/greeter.proto` },
      service: { name: 'shop.greet.v1.Greeter', host: 'localhost', port: greeter.port },
      method,
      ...(given === undefined ? {} : { arguments: given }),
      ...changes,
    }) as GrpcArguments;

  const lastSeen = (): GreeterUnderTest['seen'][number] | undefined => greeter.seen.at(-1);

  it('gives the message of a unary method, with defaults', async () => {
    const reply = await calls.grpc(greet('SayHello', { name: 'Ada' }));
    expect(reply).toEqual({
      greeting: 'Hello, Ada!',
      total: 0,
      request: { name: 'Ada', bigNumber: '0', blob: '', mood: 'MOOD_UNKNOWN', tags: [], counts: {} },
    });
  });

  it('sends every kind of field, by either name', async () => {
    const sent = {
      name: 'Ada',
      big_number: '9007199254740993',
      blob: 'AAEC',
      mood: 'MOOD_GLAD',
      tags: ['a', 'b'],
      counts: { x: 1 },
      at: '2026-01-02T03:04:05Z',
      extra: { deep: [1, null, { a: true }] },
      age: 0,
      email: 'ada@example.com',
    };
    const { big_number: bigNumber, ...same } = sent;
    const reply = (await calls.grpc(greet('SayHello', sent))) as JsonObject;
    expect(reply.request).toEqual({ ...same, bigNumber });
    const withNumber = (await calls.grpc(greet('SayHello', { bigNumber: 42 }))) as JsonObject;
    expect(withNumber.request).toMatchObject({ bigNumber: '42' });
  });

  it('sends a list as a stream, and gives a stream as a list', async () => {
    const messages = [{ name: 'Ada' }, { name: 'Bob' }];
    const one = { greeting: 'Hello, Ada and Bob!', total: 2 };
    expect(await calls.grpc(greet('Collect', { messages }))).toEqual(one);
    expect(await calls.grpc(greet('Collect', messages))).toEqual(one);
    expect(await calls.grpc(greet('Collect', { name: 'Ada' }))).toEqual({
      greeting: 'Hello, Ada!',
      total: 1,
    });
    expect(await calls.grpc(greet('Count', { name: '3' }))).toMatchObject([
      { total: 1 },
      { total: 2 },
      { total: 3 },
    ]);
    expect(await calls.grpc(greet('Count', { name: '0' }))).toEqual([]);
    expect(await calls.grpc(greet('Chat', { messages }))).toMatchObject([
      { greeting: 'Hello, Ada!' },
      { greeting: 'Hello, Bob!' },
    ]);
  });

  it('sends the key and who it is as metadata, to the host that the definition names', async () => {
    const service = {
      name: 'shop.greet.v1.Greeter',
      host: 'localhost',
      port: greeter.port,
      authentication: { bearer: { token: 'abc' } },
    };
    await calls.grpc(greet('SayHello', {}, { service }));
    expect(lastSeen()).toMatchObject({
      authority: `localhost:${greeter.port}`,
      metadata: { 'idempotency-key': 'key-1', authorization: 'Bearer abc' },
    });
  });

  it('asks for a new token where the server does not take the old one', async () => {
    const oauth2 = {
      authority: partner.origin,
      endpoints: { token: '/token' },
      grant: 'client_credentials',
      client: { id: 'me', secret: 'mine' },
    };
    const service = {
      name: 'shop.greet.v1.Greeter',
      host: 'localhost',
      port: greeter.port,
      authentication: { oauth2 },
    };
    await expect(calls.grpc(greet('SayHello', { name: 'stale' }, { service }))).resolves.toMatchObject({
      greeting: 'Hello, stale!',
    });
    const digest = { ...service, authentication: { digest: { username: 'a', password: 'b' } } };
    expect(await faultOf(calls.grpc(greet('SayHello', {}, { service: digest })))).toMatchObject({
      type: expect.stringMatching(/configuration$/),
      detail: expect.stringContaining('digest authentication does not work with gRPC'),
    });
  });

  it.each([
    ['NOT_FOUND', 'communication', 404],
    ['INVALID_ARGUMENT', 'communication', 400],
    ['ALREADY_EXISTS', 'communication', 409],
    ['RESOURCE_EXHAUSTED', 'communication', 429],
    ['UNIMPLEMENTED', 'communication', 501],
    ['UNAVAILABLE', 'communication', 503],
    ['UNAUTHENTICATED', 'authentication', 401],
    ['PERMISSION_DENIED', 'authorization', 403],
    ['DEADLINE_EXCEEDED', 'timeout', 408],
  ])('makes %s an error of type %s with status %i', async (name, type, status) => {
    for (const method of ['SayHello', 'Chat']) {
      expect(await faultOf(calls.grpc(greet(method, { name })))).toMatchObject({
        type: expect.stringMatching(new RegExp(`/${type}$`)),
        status,
        title: name,
        detail: expect.stringContaining(
          `shop.greet.v1.Greeter/${method} of localhost:${greeter.port} answered ${name}: you asked`,
        ),
      });
    }
  });

  it.each<[string, JsonObject, string]>([
    [
      'an unknown field',
      { nam: 'Ada' },
      'unknown field: "nam" (shop.greet.v1.HelloRequest has the fields: name,',
    ],
    ['a value of another type', { name: 1 }, 'expected string'],
    ['a number that is too large', { counts: { x: 3_000_000_000 } }, 'out of range'],
    ['two of a oneof', { email: 'a', phone: 'b' }, 'multiple values for oneof'],
    ['an unknown name of an enum', { mood: 'SAD' }, 'unknown enum value'],
  ])('refuses %s as argument', async (_name, given, message) => {
    expect(await faultOf(calls.grpc(greet('SayHello', given)))).toMatchObject({
      type: expect.stringMatching(/validation$/),
      detail: expect.stringContaining(message),
    });
  });

  it.each<[string, JsonObject, string]>([
    [
      'a service that is not there',
      { service: { name: 'Greeter', host: 'localhost', port: 1 } },
      'services: shop.greet.v1.Greeter',
    ],
    ['a method that is not there', { method: 'SayBye' }, 'methods: SayHello, Collect, Count, Chat'],
    ['a file that is no proto', { proto: { endpoint: '/broken.proto' } }, "illegal type name '{' (line 2)"],
    ['a file that is JSON', { proto: { endpoint: '/json.proto' } }, "illegal token '{'"],
    [
      'an import that leads out',
      { proto: { endpoint: '/escaping.proto' } },
      'is not a path that can be followed',
    ],
    [
      'a file that is not in the folder',
      { proto: { endpoint: 'file://app/none.proto' } },
      'there is no file app/none.proto',
    ],
    ['a file outside of the folder', { proto: { endpoint: 'file:///../../etc/passwd' } }, 'there is no file'],
    ['a link out of the folder', { proto: { endpoint: 'file://app/link.proto' } }, 'there is no file'],
  ])('says what is wrong with %s', async (_name, changes, message) => {
    const proto = changes.proto as { readonly endpoint: string } | undefined;
    const endpoint =
      proto?.endpoint.startsWith('/') === true ? partner.origin + proto.endpoint : proto?.endpoint;
    const changed = endpoint === undefined ? changes : { proto: { endpoint } };
    expect(await faultOf(calls.grpc(greet('SayHello', {}, changed)))).toMatchObject({
      type: expect.stringMatching(/configuration$/),
      detail: expect.stringContaining(message),
    });
  });

  it('reads files of the folder that the configuration names, and none without', async () => {
    const proto = { endpoint: 'file://app/greet.proto' };
    await expect(calls.grpc(greet('SayHello', { name: 'Ada' }, { proto }))).resolves.toMatchObject({
      greeting: 'Hello, Ada!',
    });
    const closed = await openCalls(['127.0.0.1', 'localhost']);
    expect(await faultOf(closed.grpc(greet('SayHello', {}, { proto })))).toMatchObject({
      detail: expect.stringContaining('outgoing.grpc.protoFolder'),
    });
    await closed.close();
  });

  it('reports a proto file that cannot be had as what it is', async () => {
    const proto = { endpoint: `${partner.origin}/none.proto` };
    expect(await faultOf(calls.grpc(greet('SayHello', {}, { proto })))).toMatchObject({
      type: expect.stringMatching(/communication$/),
      status: 404,
    });
  });

  it.each(['127.0.0.1', 'localhost', '2130706433', '0x7f.1', '017700000001'])(
    'does not connect to %s unless it is allowed',
    async (host) => {
      const guarded = await openCalls([partner.host]);
      const before = greeter.seen.length;
      const service = { name: 'shop.greet.v1.Greeter', host, port: greeter.port };
      expect(await faultOf(guarded.grpc(greet('SayHello', {}, { service })))).toMatchObject({
        type: expect.stringMatching(/authorization$/),
        title: 'Forbidden Address',
        detail: expect.stringContaining('forbidden-address'),
      });
      expect(greeter.seen).toHaveLength(before);
      await guarded.close();
    },
  );

  it('keeps what a stream gives within the limit of one output', async () => {
    for (const name of ['1000', 'x'.repeat(20_000)]) {
      const method = name === '1000' ? 'Count' : 'SayHello';
      expect(await faultOf(calls.grpc(greet(method, { name }), { maxResponseBytes: 10_000 }))).toMatchObject({
        type: expect.stringMatching(/runtime$/),
        status: 413,
        detail: expect.stringContaining('(limits.payloadBytes)'),
      });
    }
  });

  it('shows no secret that the server repeats', async () => {
    const authentication = { bearer: { token: null } };
    const service = { name: 'shop.greet.v1.Greeter', host: 'localhost', port: greeter.port, authentication };
    const deferred = {
      '/service/authentication/bearer/token': '${ $secrets.token }',
      '/arguments/name': '${ $secrets.token }',
    };
    const scope = { rawInput: null, input: null, variables: {}, mode: 'strict' } as const;
    const reply = await calls.grpc(greet('SayHello', { name: null }, { service }), { deferred, scope });
    expect(reply).toMatchObject({ greeting: 'Hello, ***!', request: { name: '***' } });
    expect(lastSeen()?.metadata).toMatchObject({ authorization: 'Bearer hush-hush-token' });
    const refused = greet('SayHello', { name: 'NOT_FOUND' }, { service });
    const { '/arguments/name': _name, ...authenticated } = deferred;
    const fault = await faultOf(calls.grpc(refused, { deferred: authenticated, scope }));
    expect(fault.detail).toContain('answered NOT_FOUND: you asked for NOT_FOUND, Bearer ***');
  });

  it('says that nobody is there', async () => {
    const service = { name: 'shop.greet.v1.Greeter', host: '127.0.0.1', port: 9 };
    expect(await faultOf(calls.grpc(greet('SayHello', {}, { service })))).toMatchObject({
      type: expect.stringMatching(/communication$/),
      status: 503,
      detail: expect.stringContaining('ECONNREFUSED'),
    });
  });

  it('ends at its deadline', async () => {
    const fault = await faultOf(calls.grpc(greet('SayHello', { name: 'wait' }), { timeoutMs: 300 }));
    expect(fault).toMatchObject({
      type: expect.stringMatching(/timeout$/),
      status: 408,
      title: 'DEADLINE_EXCEEDED',
    });
  });

  it('ends when it is cancelled, and tells the server', async () => {
    const before = greeter.seen.length;
    const running = calls.grpc(greet('SayHello', { name: 'wait' }));
    const outcome = running.catch((error: unknown) => error);
    while (greeter.seen.length === before) await new Promise((resolve) => setTimeout(resolve, 10));
    calls.environment.cancel();
    expect(await outcome).toBeInstanceOf(CancelledFailure);
    while (lastSeen()?.cancelled !== true) await new Promise((resolve) => setTimeout(resolve, 10));
  });
});
