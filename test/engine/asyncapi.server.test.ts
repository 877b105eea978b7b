/** `call: asyncapi` on a real Temporal server, over HTTP and WebSocket. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import type { Json } from '../../dsl/json.ts';
import type { ExecutionLimits } from '../../workflows/contract.ts';
import { startDefinitionService, type DefinitionService } from './definition-service.ts';
import { listening } from './events-under-test.ts';
import { brokers, startMessagePartner, type MessagePartner } from './message-partner.ts';

const root = join(__dirname, '../..');
let partner: MessagePartner;
let service: DefinitionService;

beforeAll(async () => {
  partner = await startMessagePartner();
  service = await startDefinitionService(root, [partner.host], { PERDURE_SECRET_TOKEN: 'open-sesame' });
}, 120_000);
afterAll(async () => {
  await service?.close();
  await partner?.close();
});

const document = (version: 2 | 3 = 3) =>
  `document: { endpoint: 'http://${partner.host}/asyncapi-${version}' }`;

async function publish(call: string, input: Json = {}) {
  const before = partner.published.length;
  const body = `use: { secrets: [token] }\ndo: [{ tell: { call: asyncapi, with: { ${call} } } }]`;
  const { output, error } = await service.ended(await service.start(body, input));
  return { output, error, published: partner.published.slice(before) };
}

describe('publishing', () => {
  it('sends the message by HTTP with headers, key and authentication, and gives what it sent', async () => {
    const { output, published } = await publish(
      `${document()}, operation: findPets, protocol: http,
       message: { payload: { petId: '\${ .pet }', kind: cat }, headers: { foo: bar } },
       authentication: { bearer: { token: '\${ $secrets.token }' } }`,
      { pet: 7 },
    );
    expect(output).toEqual({ payload: { petId: 7, kind: 'cat' }, headers: { foo: 'bar' } });
    expect(published).toEqual([
      {
        method: 'POST',
        path: '/pets/cat',
        body: '{"petId":7,"kind":"cat"}',
        headers: expect.objectContaining({
          foo: 'bar',
          authorization: 'Bearer open-sesame',
          'content-type': 'application/json',
          'idempotency-key': expect.stringMatching(/^[0-9a-f]{40}$/),
        }),
      },
    ]);
  });

  it('sends one frame by WebSocket, the first server of the channel', async () => {
    const { output, published } = await publish(
      `${document()}, operation: notify, message: { payload: { user: u1 } }`,
    );
    expect(output).toEqual({ payload: { user: 'u1' }, headers: {}, correlationId: 'u1' });
    expect(published).toMatchObject([{ method: 'FRAME', path: '/notifications', body: '{"user":"u1"}' }]);
  });

  it('takes the channel of a document of version 2', async () => {
    const { published } = await publish(
      `${document(2)}, channel: /notifications, message: { payload: { user: u1 } }`,
    );
    expect(published).toMatchObject([{ method: 'POST', path: '/notifications' }]);
  });

  it.each([
    ['an operation that is not there', 'operation: nothing', /no operation "nothing"/],
    [
      'a server that is not there',
      'operation: notify, server: { name: x }',
      /no server "x": it has sockets, web/,
    ],
    ['a protocol that no server has', 'operation: notify, protocol: sqs', /no server of the protocol sqs/],
    [
      'a parameter without a value',
      'operation: findPets',
      /\{kind\} of the channel "pets\/\{kind\}" has no value/,
    ],
    ['a channel of version 2 in a document of 3', 'channel: pets', /needs "operation"/],
  ])('faults for %s', async (_what, named, detail) => {
    const { error } = await publish(`${document()}, ${named}, message: { payload: {} }`);
    expect(error).toMatchObject({
      type: expect.stringMatching(/configuration$/),
      detail: expect.stringMatching(detail),
    });
  });

  it('faults with the status of the answer, and where headers cannot be sent', async () => {
    const refused = await publish(`${document()}, operation: refused, message: { payload: {} }`);
    expect(refused.error).toMatchObject({ type: expect.stringMatching(/communication$/), status: 409 });
    const headers = await publish(`${document()}, operation: notify, message: { headers: { foo: bar } }`);
    expect(headers.error).toMatchObject({ type: expect.stringMatching(/configuration$/) });
  });
});

/** Starts a subscription to notifications and waits until the partner sees it. */
async function subscribe(
  subscription: string,
  {
    more = 'protocol: ws',
    task = '',
    input = {},
    limits = {},
  }: {
    readonly more?: string;
    readonly task?: string;
    readonly input?: Json;
    readonly limits?: Partial<ExecutionLimits>;
  } = {},
) {
  const count = partner.subscribers + 1;
  const call = `${document()}, operation: getNotifications, ${more}, subscription: { ${subscription} }`;
  const handle = await service.start(
    `do: [{ hear: { call: asyncapi, with: { ${call} } ${task} } }]`,
    input,
    limits,
  );
  await partner.subscribed(count);
  return handle;
}

const numbered = (...numbers: readonly number[]): object[] => numbers.map((n) => ({ user: 'u1', n }));
const payloads = (output: Json | undefined): unknown =>
  (output as { payload: { n: number } }[]).map(({ payload }) => payload.n);

describe.each(['ws', 'http'])('subscribing by %s', (protocol) => {
  const more = `protocol: ${protocol}`;

  it('takes the amount of messages that the filter lets through', async () => {
    const filter = "filter: '${ .correlationId == $context.user and .payload.n > 1 }'";
    const handle = await subscribe(`${filter}, consume: { amount: 2 }`, { more, input: { user: 'u1' } });
    partner.send(
      { text: 'not what the filter expects' },
      ...numbered(1),
      { user: 'u2', n: 5 },
      ...numbered(2, 3, 4),
    );
    const { output } = await service.ended(handle);
    expect(output).toMatchObject([
      { payload: { user: 'u1', n: 2 }, headers: {}, correlationId: 'u1' },
      { payload: { user: 'u1', n: 3 }, headers: {}, correlationId: 'u1' },
    ]);
    expect(output).toHaveLength(2);
  });

  it('ends after the message that ends while or until', async () => {
    const first = await subscribe(`consume: { while: '\${ .payload.n < 3 }' }`, { more });
    partner.send(...numbered(1, 2, 3, 4));
    expect(payloads((await service.ended(first)).output)).toEqual([1, 2, 3]);
    const second = await subscribe(`consume: { until: '\${ .payload.n == 2 }' }`, { more });
    partner.send(...numbered(1, 2, 3));
    expect(payloads((await service.ended(second)).output)).toEqual([1, 2]);
  });

  it('ends when its time is over', async () => {
    const handle = await subscribe(`consume: { amount: 5, for: { seconds: 1 } }`, { more });
    partner.send(...numbered(1, 2));
    expect(payloads((await service.ended(handle)).output)).toEqual([1, 2]);
  });

  it('works through each message before the next, and asks until in the context that this made', async () => {
    const foreach = `foreach: { item: message, at: position,
      do: [{ think: { wait: { milliseconds: 20 } } }, { note: { set: { n: '\${ $message.payload.n }', at: '\${ $position }' } } }],
      output: { as: '\${ [.n, .at] }' }, export: { as: '\${ ($context.seen // []) + [$output[0]] | {seen: .} }' } }`;
    const until = `until: '\${ ($context.seen | length) == 4 }'`;
    const before = partner.subscribers;
    const handle = await subscribe(`consume: { ${until} }, ${foreach}`, { more });
    partner.send(...numbered(1, 2, 3, 4, 5));
    const { output } = await service.ended(handle);
    expect(output).toEqual([
      [1, 0],
      [2, 1],
      [3, 2],
      [4, 3],
    ]);
    expect(partner.subscribers).toBe(before + 1);
  });

  it('loses nothing when the execution continues as new in between', async () => {
    const foreach = `foreach: { item: m, do: [{ note: { set: { n: '\${ $m.payload.n }' } } }] }`;
    const handle = await subscribe(`consume: { amount: 12 }, ${foreach}`, {
      more,
      limits: { historyEvents: 30 },
    });
    for (let n = 1; n <= 12; n++) {
      partner.send(...numbered(n));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const { output } = await service.ended(handle);
    expect(output).toEqual(Array.from({ length: 12 }, (_, at) => ({ n: at + 1 })));
  });
});

it('goes on for ever with foreach, as waiting, until it is cancelled', async () => {
  const foreach = `foreach: { item: m, do: [{ pass: { set: { n: '\${ $m.payload.n }' } } }] }`;
  const handle = await subscribe(`consume: { while: '\${ true }' }, ${foreach}`);
  partner.send(...numbered(1, 2, 3));
  await listening(handle);
  await handle.cancel();
  await expect(handle.result()).rejects.toThrow();
  expect((await handle.describe()).status.name).toBe('CANCELLED');
});

it('ends by the timeout of its task', async () => {
  const handle = await subscribe('consume: { amount: 1 }', { task: ', timeout: { after: { seconds: 1 } }' });
  expect((await service.ended(handle)).error).toMatchObject({ type: expect.stringMatching(/timeout$/) });
});

it('reads JSON lines', async () => {
  const call = `${document()}, operation: readLines, subscription: { consume: { amount: 3 } }`;
  const { output } = await service.ended(
    await service.start(`do: [{ hear: { call: asyncapi, with: { ${call} } } }]`, {}),
  );
  expect(payloads(output)).toEqual([1, 2, 3]);
});

it('opens an event stream again that the server ended', async () => {
  const handle = await subscribe('consume: { amount: 2 }', { more: 'protocol: http' });
  partner.send(...numbered(1));
  const count = partner.subscribers + 1;
  partner.dropStreams();
  await partner.subscribed(count);
  partner.send(...numbered(2));
  expect(payloads((await service.ended(handle)).output)).toEqual([1, 2]);
});

it('faults when the server of a WebSocket goes', async () => {
  const other = await startMessagePartner();
  const allowing = await startDefinitionService(root, [other.host]);
  const call = `document: { endpoint: 'http://${other.host}/asyncapi-3' }, operation: getNotifications, subscription: { consume: { amount: 1 } }`;
  const handle = await allowing.start(`do: [{ hear: { call: asyncapi, with: { ${call} } } }]`, {});
  await other.subscribed(1);
  await other.close();
  expect((await allowing.ended(handle)).error).toMatchObject({
    type: expect.stringMatching(/communication$/),
    status: 502,
  });
  await allowing.close();
});

describe('the address guard', () => {
  /** Counts connections, and never answers. */
  let canary: Server;
  let connections = 0;
  let port = 0;
  beforeAll(async () => {
    canary = createServer((socket) => {
      connections += 1;
      socket.destroy();
    }).listen(0, '::');
    await once(canary, 'listening');
    const bound = canary.address();
    port = typeof bound === 'object' && bound !== null ? bound.port : 0;
  });
  afterAll(() => canary.close());

  const servers = ['web', 'sockets', ...brokers];
  const hosts = ['127.0.0.1', 'localhost', '2130706433', '[::1]', '[::ffff:127.0.0.1]', '0.0.0.0'];
  const at = (server: string, host: string) =>
    `${document()}, operation: notify, server: { name: ${server}, variables: { host: '${host}:${port}' } }`;

  it.each(servers)('lets no message through to %s, however the address is written', async (server) => {
    for (const host of hosts) {
      const { error } = await publish(`${at(server, host)}, message: { payload: {} }`);
      expect(error).toMatchObject({ status: 403, title: 'Forbidden Address' });
      expect(error?.detail).toContain(`:${port}`);
    }
    expect(connections).toBe(0);
  });

  it.each(servers)('lets no subscription through to %s', async (server) => {
    const { error } = await publish(`${at(server, 'localhost')}, subscription: { consume: { amount: 1 } }`);
    expect(error).toMatchObject({ status: 403, title: 'Forbidden Address' });
    expect(connections).toBe(0);
  });

  it('lets all of them through that the operator allows', async () => {
    const allowing = await startDefinitionService(root, [partner.host, `localhost:${port}`]);
    for (const [index, server] of servers.entries()) {
      const call = `${at(server, 'localhost')}, message: { payload: {} }`;
      const { error } = await allowing.ended(
        await allowing.start(`do: [{ tell: { call: asyncapi, with: { ${call} } } }]`, {}),
      );
      expect(error).toMatchObject({ type: expect.stringMatching(/communication$/) });
      expect(connections).toBeGreaterThan(index);
    }
    await allowing.close();
  });
});
