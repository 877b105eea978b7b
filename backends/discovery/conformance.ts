/** What every registry promises, run against its real server. */
import { startInstance, type ServiceInstance } from '../../test/discovery/service-instance.ts';
import { serverControl } from '../../test/servers/control.ts';
import { eventually } from '../../test/service-process.ts';
import { openDiscovery } from './open.ts';
import type { Discovery, Instance, Registered, Watcher } from './port.ts';

export interface RegistryUnderTest {
  /** A URL of the server under which nothing was registered yet. */
  readonly url: string;
  /** A URL of the same kind at which nobody listens, with the password `hunter2-secret`. */
  readonly closedUrl: string;
  /** Takes away whatever is registered for a service, behind the back of who registered it. */
  readonly forget: (service: string) => Promise<void>;
}

const ttlMs = 3_000;

/** A machine that does four things at once takes its time. */
const patienceMs = 150_000;

/** Declares the tests. */
export function discoveryConformance(name: string, { url, closedUrl, forget }: RegistryUnderTest): void {
  describe(`${name} as a registry`, () => {
    jest.setTimeout(patienceMs);

    const open: Discovery[] = [];
    const instances: ServiceInstance[] = [];
    const reports: string[] = [];
    let services = 0;

    const discovery = async (at = url): Promise<Discovery> => {
      const report = (message: string, error?: unknown): number =>
        reports.push(`${message} ${String(error)}`);
      const opened = await openDiscovery({ url: at, report });
      open.push(opened);
      return opened;
    };
    const newService = (): string => `orders-${process.pid}-${(services += 1)}`;

    afterEach(async () => {
      await Promise.all(open.splice(0).map((one) => one.close()));
      await Promise.all(instances.splice(0).map((instance) => instance.kill()));
      reports.length = 0;
    });

    test('shows an instance to whoever watches, before and after, until it leaves', async () => {
      const service = newService();
      const [one, other] = [await discovery(), await discovery()];
      const early = watched(other, service);
      await early.sees([]);
      const registered = register(one, service, 'a', { metadata: { role: 'api', version: '1.2.3' } });
      await early.sees(['a']);
      const [seen] = early.instances();
      expect(seen).toEqual({
        id: expect.stringContaining('a'),
        host: '127.0.0.1',
        port: 4711,
        metadata: { role: 'api', version: '1.2.3' },
      });
      expect(registered.isListed()).toBe(true);
      register(other, service, 'b', { host: '::1', port: 4712 });
      const late = watched(one, service);
      await late.sees(['a', 'b']);
      await early.sees(['a', 'b']);
      expect(late.instances().map(({ host, port }) => [host, port])).toEqual([
        ['127.0.0.1', 4711],
        ['::1', 4712],
      ]);
      const gone = early.sees(['b']);
      await registered.leave();
      await gone;
      expect(registered.isListed()).toBe(false);
      // Closing lets the other leave.
      await other.close();
      await late.sees([]);
    });

    test('keeps an instance for longer than its time to live, and services apart', async () => {
      const service = newService();
      const one = await discovery();
      register(one, service, 'a');
      register(one, `${service}-more`, 'b');
      const watch = watched(await discovery(), service);
      await watch.sees(['a']);
      await new Promise((done) => setTimeout(done, 1.5 * ttlMs));
      expect(watch.history).toEqual(watch.history.filter((ids) => ids === '' || ids === 'a'));
      await watch.sees(['a']);
    });

    test('hides an instance while it is not healthy', async () => {
      const service = newService();
      let isHealthy = true;
      const one = await discovery();
      register(one, service, 'a', {
        checkHealth: () => (isHealthy ? Promise.resolve() : Promise.reject(new Error('the store is away'))),
      });
      const watch = watched(await discovery(), service);
      await watch.sees(['a']);
      isHealthy = false;
      await watch.sees([]);
      expect(reports.join('\n')).toContain('the store is away');
      isHealthy = true;
      await watch.sees(['a']);
    });

    test('an instance whose check of health hangs is not healthy', async () => {
      const service = newService();
      let hangs = false;
      register(await discovery(), service, 'a', {
        checkHealth: () => (hangs ? new Promise<void>(() => undefined) : Promise.resolve()),
      });
      const watch = watched(await discovery(), service);
      await watch.sees(['a']);
      hangs = true;
      await watch.sees([]);
    });

    test('registers again what the registry forgot', async () => {
      const service = newService();
      register(await discovery(), service, 'a');
      const watch = watched(await discovery(), service);
      await watch.sees(['a']);
      await forget(service);
      await watch.sees([]);
      await watch.sees(['a']);
      expect(reports.join('\n')).toContain('had forgotten it');
    });

    test('shows an instance that was killed no longer than its time to live', async () => {
      const service = newService();
      const watch = watched(await discovery(), service);
      const instance = await startInstance(url, service, { id: 'killed', ttlMs });
      instances.push(instance);
      await watch.sees(['killed']);
      await instance.kill();
      const begun = performance.now();
      await watch.sees([]);
      // The registry looks for dead ones now and then; a busy machine takes its time.
      expect(performance.now() - begun).toBeLessThan(3 * ttlMs);
    });

    test('says where it is without credentials, and does not wait for a registry that is away', async () => {
      const away = await discovery(closedUrl);
      const lost: unknown[] = [];
      const changed = jest.fn();
      away.watch('orders', { changed, lost: (error) => lost.push(error) });
      const registered = register(away, 'orders', 'a');
      await eventually('two failed attempts', () => Promise.resolve(lost.length > 1 ? true : undefined));
      expect(changed).not.toHaveBeenCalled();
      expect(registered.isListed()).toBe(false);
      expect([away.place, ...reports, ...lost.map(String)].join('\n')).not.toContain('hunter2-secret');
      expect(away.place).toContain('127.0.0.1:1');
      const begun = performance.now();
      await away.close();
      expect(performance.now() - begun).toBeLessThan(10_000);
    });

    const control = serverControl();
    (control === undefined ? test.skip : test)('comes back after the registry was away', async () => {
      const service = newService();
      const one = await discovery();
      const registered = register(one, service, 'a');
      const watch = watched(await discovery(), service);
      await watch.sees(['a']);
      await control?.kill();
      try {
        await eventually('the loss', () => Promise.resolve(watch.lost() > 0 ? true : undefined));
        await eventually('the missed sign of life', () =>
          Promise.resolve(registered.isListed() ? undefined : true),
        );
        // What was seen last stands.
        expect(ids(watch.instances())).toBe('a');
      } finally {
        await control?.start();
      }
      register(await discovery(), service, 'b');
      await watch.sees(['a', 'b']);
      await eventually('the registration', () => Promise.resolve(registered.isListed() ? true : undefined));
    });

    function register(
      at: Discovery,
      service: string,
      id: string,
      given: Partial<Instance> & { readonly checkHealth?: () => Promise<void> } = {},
    ): Registered {
      const { checkHealth = () => Promise.resolve(), ...more } = given;
      const instance = { id, host: '127.0.0.1', port: 4711, metadata: {}, ...more };
      const registered = at.register?.({ service, instance, ttlMs, checkHealth });
      if (registered === undefined) throw new Error(`${at.place} registers nothing`);
      return registered;
    }
  });
}

interface Watched {
  instances(): readonly Instance[];
  /** Every list that came, as its ids. */
  readonly history: readonly string[];
  lost(): number;
  /** Waits until exactly these are there. */
  sees(ids: readonly string[]): Promise<void>;
}

function watched(discovery: Discovery, service: string): Watched {
  let current: readonly Instance[] | undefined;
  let lost = 0;
  const history: string[] = [];
  const watcher: Watcher = {
    changed(instances) {
      current = instances;
      history.push(ids(instances));
    },
    lost: () => (lost += 1),
  };
  discovery.watch(service, watcher);
  return {
    instances: () => current ?? [],
    history,
    lost: () => lost,
    sees: async (wanted) => {
      const check = (): Promise<true | undefined> =>
        Promise.resolve(current !== undefined && ids(current) === wanted.join() ? true : undefined);
      await eventually(`the instances ${wanted.join()}`, check, {
        timeoutMs: 40_000,
        everyMs: 20,
        details: () => `Seen: ${history.join(' | ')}`,
      });
    },
  };
}

/** The names that tests gave, whatever a system puts before them. */
function ids(instances: readonly Instance[]): string {
  return instances.map(({ id }) => id.split('-').at(-1)).join();
}
