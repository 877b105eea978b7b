/** Calls of services by their names: real instances in processes of their own, a real registry, the sender of workers. */
import { openDiscovery } from '../../backends/discovery/open.ts';
import type { Discovery } from '../../backends/discovery/port.ts';
import { createServices } from '../../backends/discovery/services.ts';
import type { Services } from '../../backends/discovery/services.ts';
import { HttpSendError } from '../../network/http-send-error.ts';
import { createHttpSender } from '../../network/http-sender.ts';
import type { HttpReply, HttpSender } from '../../network/http-sender.ts';
import { createServiceSender } from '../../network/services/service-sender.ts';
import { serverControl } from '../servers/control.ts';
import { eventually } from '../service-process.ts';
import { startInstance } from './service-instance.ts';
import type { ServiceInstance } from './service-instance.ts';

const ttlMs = 3_000;

/** A machine that does four things at once takes its time. */
const patienceMs = 150_000;

/** Declares the tests on the registry at `url`. */
export function serviceCallConformance(name: string, url: string): void {
  describe(`calls by name through ${name}`, () => {
    jest.setTimeout(patienceMs);

    let discovery: Discovery;
    let services: Services;
    let http: HttpSender;
    let sender: HttpSender;
    let instances: ServiceInstance[];
    /** Where and when requests went, since the test began. */
    let sent: { readonly port: number; readonly at: number }[];
    let reports: string[];
    let service: string;
    let count = 0;

    beforeEach(async () => {
      service = `shop-${process.pid}-${(count += 1)}`;
      instances = [];
      sent = [];
      reports = [];
      discovery = await openDiscovery({ url });
      services = createServices({ discovery, report: (message) => reports.push(message) });
      http = createHttpSender({ allow: [], maxRedirects: 0 });
      sender = byName([service]);
    });

    afterEach(async () => {
      await services.close();
      await discovery.close();
      await http.close();
      await Promise.all(instances.map((instance) => instance.kill()));
    });

    function byName(allowed: readonly string[]): HttpSender {
      const observed: HttpSender = {
        ...http,
        send(request) {
          sent.push({ port: Number(new URL(request.url).port), at: performance.now() });
          return http.send(request);
        },
      };
      const directory = services;
      return createServiceSender(observed, { directory, allowed: new Set(allowed) });
    }

    async function start(id: string, delayMs = 0): Promise<ServiceInstance> {
      const instance = await startInstance(url, service, { id, ttlMs, delayMs });
      instances.push(instance);
      return instance;
    }

    /** Starts several at once; in this order. */
    async function startAll(...ids: string[]): Promise<readonly ServiceInstance[]> {
      const started = await Promise.all(ids.map((id) => start(id)));
      await knows(...ids);
      return started;
    }

    /** Until this process knows exactly these. */
    async function knows(...wanted: string[]): Promise<void> {
      const names = wanted.toSorted().join();
      await eventually(
        `the instances ${names}`,
        async () => {
          const known = await services.instances(service, { timeoutMs: 5_000 });
          const ids = known.map(({ id }) => id.split('-').at(-1) ?? '');
          return ids.toSorted((a, b) => a.localeCompare(b)).join() === names ? true : undefined;
        },
        { timeoutMs: 40_000, details: () => JSON.stringify([services.known(), reports]) },
      );
    }

    async function ask(path = '/v1/items', method = 'GET', via = sender): Promise<HttpReply> {
      return await via.send({
        method,
        url: `service://${service}${path}`,
        headers: {},
        timeoutMs: 10_000,
        maxResponseBytes: 100_000,
        followRedirects: false,
      });
    }

    const idOf = ({ body }: HttpReply): string =>
      (JSON.parse(Buffer.from(body).toString()) as { readonly id: string }).id;

    /** Calls side by side; how many each instance answered. */
    async function askOften(total: number, atOnce: number): Promise<Record<string, number>> {
      const answers: Record<string, number> = {};
      let left = total;
      const lane = async (): Promise<void> => {
        while (left > 0) {
          left -= 1;
          const id = idOf(await ask());
          answers[id] = (answers[id] ?? 0) + 1;
        }
      };
      await Promise.all(Array.from({ length: atOnce }, lane));
      return answers;
    }

    test('1,000 calls over three instances spread within 20 %, and the answer names the service', async () => {
      await startAll('a', 'b', 'c');
      const answers = await askOften(1_000, 10);
      for (const id of ['a', 'b', 'c']) {
        expect(answers[id]).toBeGreaterThan((1_000 / 3) * 0.8);
        expect(answers[id]).toBeLessThan((1_000 / 3) * 1.2);
      }
      expect((await ask('/v1/items?page=2')).url).toBe(`service://${service}/v1/items?page=2`);
    });

    test('a slow instance gets less', async () => {
      await Promise.all([start('a'), start('b'), start('slow', 300)]);
      await knows('a', 'b', 'slow');
      const answers = await askOften(300, 4);
      expect(answers.slow ?? 0).toBeLessThan(50);
      expect((answers.a ?? 0) + (answers.b ?? 0)).toBeGreaterThan(250);
    });

    test('an instance that is killed costs no caller an error, and gets no call after its time to live', async () => {
      const [victim] = await startAll('a', 'b', 'c');
      if (victim === undefined) throw new Error('no instance');
      await askOften(50, 5);
      let calls = 0;
      let isOver = false;
      const load = Promise.all(
        Array.from({ length: 4 }, async () => {
          while (!isOver) {
            expect((await ask()).status).toBe(200);
            calls += 1;
            await new Promise((resolve) => setTimeout(resolve, 5));
          }
        }),
      );
      await victim.kill();
      const killedAt = performance.now();
      await knows('b', 'c');
      const goneAt = performance.now();
      // The registry looks for dead ones now and then; a busy machine takes its time.
      expect(goneAt - killedAt).toBeLessThan(3 * ttlMs);
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      isOver = true;
      await load;
      const toVictim = sent.filter(({ port, at }) => port === victim.port && at > killedAt);
      expect(toVictim.filter(({ at }) => at > goneAt)).toEqual([]);
      // It was out of turn long before: first for a second, then for two.
      expect(toVictim.length).toBeLessThan(15);
      expect(calls).toBeGreaterThan(100);
    });

    test('an instance that leaves costs no caller an error', async () => {
      const [leaving] = await startAll('a', 'b');
      let isOver = false;
      const load = Promise.all(
        Array.from({ length: 4 }, async () => {
          while (!isOver) expect((await ask()).status).toBe(200);
        }),
      );
      await leaving?.stop();
      await knows('b');
      isOver = true;
      await load;
    });

    test('what may not come twice goes to another instance only where nobody got it', async () => {
      const [a, b] = await startAll('a', 'b');
      if (a === undefined || b === undefined) throw new Error('no instances');
      // Nobody listens there any more, and the registry does not know it yet.
      await a.kill();
      for (let done = 0; done < 20; done++) expect(idOf(await ask('/v1/items', 'POST'))).toBe('b');
      expect((await b.seen())['POST /v1/items']).toBe(20);
      const other = await start('c');
      await knows('b', 'c');
      // Both say that they cannot work: one is asked, and who asked hears it.
      expect((await ask('/busy', 'POST')).status).toBe(503);
      const busy = async (method: string): Promise<number> =>
        ((await b.seen())[`${method} /busy`] ?? 0) + ((await other.seen())[`${method} /busy`] ?? 0);
      expect(await busy('POST')).toBe(1);
      expect((await ask('/busy')).status).toBe(503);
      expect(await busy('GET')).toBe(2);
      // An instance that dies with a request in its hands may have worked on it.
      const hung = ask('/hang', 'POST').then(
        () => undefined,
        (error: unknown) => error,
      );
      const holder = await eventually('the request', async () => {
        for (const one of [b, other]) if ((await one.seen())['POST /hang'] === 1) return one;
        return undefined;
      });
      await holder.kill();
      expect(await hung).toMatchObject({ kind: 'broken-off' });
      const rest = holder === b ? other : b;
      expect((await rest.seen())['POST /hang']).toBeUndefined();
    });

    test('the address guard decides where the name leads, unless the name is allowed', async () => {
      const instance = await start('a');
      await knows('a');
      const refused = ask('/v1/items', 'GET', byName(['another']));
      await expect(refused).rejects.toMatchObject({
        kind: 'forbidden-address',
        message: expect.stringContaining(`"service://${service}"`),
      });
      expect((await instance.seen())['GET /v1/items']).toBeUndefined();
      expect(idOf(await ask())).toBe('a');
    });

    test('a name that nobody has is an error that says so', async () => {
      const error: unknown = await ask().catch((failure: unknown) => failure);
      expect(error).toBeInstanceOf(HttpSendError);
      expect(error).toMatchObject({
        kind: 'unreachable',
        message: expect.stringContaining('no healthy instance'),
      });
    });

    const control = serverControl();
    (control === undefined ? test.skip : test)('calls go on while the registry is away', async () => {
      const [victim] = await startAll('a', 'b', 'c');
      await control?.kill();
      try {
        await eventually('the loss', () =>
          Promise.resolve(services.known()[0]?.isStale === true ? true : undefined),
        );
        expect(services.known()).toEqual([{ service, instances: 3, isStale: true }]);
        expect(reports.join('\n')).toContain('that it named last are used');
        // One dies meanwhile: who calls finds out.
        await victim?.kill();
        const answers = await askOften(200, 4);
        expect(Object.keys(answers).toSorted()).toEqual(['b', 'c']);
      } finally {
        await control?.start();
      }
      await eventually('the registry', () =>
        Promise.resolve(services.known()[0]?.isStale === false ? true : undefined),
      );
      await knows('b', 'c');
      expect(Object.keys(await askOften(50, 4)).toSorted()).toEqual(['b', 'c']);
    });
  });
}
