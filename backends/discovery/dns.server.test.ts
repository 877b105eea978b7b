import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { decode, encode } from 'dns-packet';
import type { Answer } from 'dns-packet';
import { eventually } from '../../test/service-process.ts';
import { openDiscovery } from './open.ts';
import type { Discovery, Instance } from './port.ts';

/** A server of DNS on UDP that says what `zone` has: by type and name, in lower case. */
interface Server {
  readonly url: string;
  readonly zone: Map<string, readonly Answer[] | 'broken'>;
  readonly asked: string[];
  close(): void;
}

async function startServer(): Promise<Server> {
  const zone: Server['zone'] = new Map();
  const asked: string[] = [];
  const socket = createSocket('udp4');
  socket.on('message', (message, { address, port }) => {
    const { id, questions = [] } = decode(message);
    const [question] = questions;
    const key = `${question?.type} ${question?.name.toLowerCase()}`;
    asked.push(key);
    const found = zone.get(key) ?? [];
    // The response code is in the lowest bits: SERVFAIL, NXDOMAIN.
    const code = found === 'broken' ? 2 : found.length === 0 ? 3 : 0;
    const answers = found === 'broken' ? [] : [...found];
    socket.send(encode({ type: 'response', id, flags: 0x400 | code, questions, answers }), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    url: `dns://127.0.0.1:${socket.address().port}`,
    zone,
    asked,
    close: () => socket.close(),
  };
}

const a = (name: string, data: string, ttl = 60): Answer => ({ type: 'A', name, data, ttl });

describe('services in DNS', () => {
  let server: Server;
  let discovery: Discovery;

  beforeEach(async () => {
    server = await startServer();
  });
  afterEach(async () => {
    await discovery.close();
    server.close();
  });

  const seen = (service: string): { instances?: readonly Instance[]; errors: unknown[] } => {
    const result: { instances?: readonly Instance[]; errors: unknown[] } = { errors: [] };
    discovery.watch(service, {
      changed: (instances) => (result.instances = instances),
      lost: (error) => result.errors.push(error),
    });
    return result;
  };
  const places = (watched: { readonly instances?: readonly Instance[] }): string | undefined =>
    watched.instances?.map(({ id }) => id).join(' ');
  const becomes = (watched: Parameters<typeof places>[0], wanted: string): Promise<true> =>
    eventually(wanted, () => Promise.resolve(places(watched) === wanted ? true : undefined), {
      timeoutMs: 20_000,
      everyMs: 20,
      details: () => `${places(watched)}; asked ${server.asked.join(', ')}`,
    });

  test('are all addresses of a name, at the port that the URL says', async () => {
    const name = 'orders.shop.svc.cluster.local';
    server.zone.set(`A ${name}`, [a(name, '10.0.0.2'), a(name, '10.0.0.1')]);
    server.zone.set(`AAAA ${name}`, [{ type: 'AAAA', name, data: 'fd00::1', ttl: 60 }]);
    discovery = await openDiscovery({ url: `${server.url}/shop.svc.cluster.local?port=8080` });
    const watched = seen('orders');
    await becomes(watched, '10.0.0.1:8080 10.0.0.2:8080 [fd00::1]:8080');
    expect(watched.instances?.at(2)).toEqual({
      id: '[fd00::1]:8080',
      host: 'fd00::1',
      port: 8080,
      metadata: {},
    });
    expect('register' in discovery).toBe(false);
  });

  test('are asked for again when the time to live is over, and not before', async () => {
    server.zone.set('A short.test', [a('short.test', '10.0.0.1', 1)]);
    server.zone.set('A long.test', [a('long.test', '10.0.0.1', 3_600)]);
    discovery = await openDiscovery({ url: server.url });
    const [short, long] = [seen('short.test'), seen('long.test')];
    await becomes(short, '10.0.0.1:80');
    await becomes(long, '10.0.0.1:80');
    server.zone.set('A short.test', [a('short.test', '10.0.0.2', 1)]);
    server.zone.set('A long.test', [a('long.test', '10.0.0.2', 1)]);
    await becomes(short, '10.0.0.2:80');
    server.zone.set('A short.test', []);
    await becomes(short, '');
    server.zone.set('A short.test', [a('short.test', '10.0.0.3', 1)]);
    await becomes(short, '10.0.0.3:80');
    expect(places(long)).toBe('10.0.0.1:80');
    expect(server.asked.filter((question) => question === 'A long.test')).toHaveLength(1);
  });

  test('are the SRV records of the best priority, with their ports', async () => {
    const name = '_http._tcp.orders.test';
    const record = (target: string, port: number, priority: number): Answer => ({
      type: 'SRV',
      name,
      ttl: 60,
      data: { target, port, priority, weight: 1 },
    });
    server.zone.set(`SRV ${name}`, [
      record('a.test', 1001, 1),
      record('b.test', 1002, 1),
      record('c.test', 1003, 2),
    ]);
    for (const [target, address] of Object.entries({ a: '10.0.0.1', b: '10.0.0.2', c: '10.0.0.3' })) {
      server.zone.set(`A ${target}.test`, [a(`${target}.test`, address)]);
    }
    discovery = await openDiscovery({ url: `${server.url}/test?srv=http&refresh=1` });
    const watched = seen('orders');
    await becomes(watched, '10.0.0.1:1001 10.0.0.2:1002');
    server.zone.set(`SRV ${name}`, [record('b.test', 1002, 1), record('c.test', 1003, 1)]);
    await becomes(watched, '10.0.0.2:1002 10.0.0.3:1003');
    expect((await seenOnce('nobody')).instances).toEqual([]);
  });

  test('stay what they were while the server fails, and are found when it works again', async () => {
    server.zone.set('A orders.test', [a('orders.test', '10.0.0.1', 1)]);
    server.zone.set('AAAA orders.test', 'broken');
    discovery = await openDiscovery({ url: server.url });
    const watched = seen('orders.test');
    await becomes(watched, '10.0.0.1:80');
    server.zone.set('A orders.test', 'broken');
    await eventually('the loss', () => Promise.resolve(watched.errors.length > 0 ? true : undefined));
    expect(places(watched)).toBe('10.0.0.1:80');
    server.zone.set('A orders.test', [a('orders.test', '10.0.0.2', 1)]);
    await becomes(watched, '10.0.0.2:80');
  });

  async function seenOnce(service: string): Promise<{ readonly instances?: readonly Instance[] }> {
    const watched = seen(service);
    await becomes(watched, '');
    return watched;
  }
});
