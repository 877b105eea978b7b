import type { Discovery, Instance, Watcher } from './port.ts';
import { createServices, DiscoveryError } from './services.ts';
import type { Services } from './services.ts';

const at = (id: string): Instance => ({ id, host: id, port: 80, metadata: {} });

describe('what a process knows of the services that it calls', () => {
  let watchers: Map<string, Watcher>;
  let stopped: string[];
  let reports: string[];
  let services: Services;

  beforeEach(() => {
    jest.useFakeTimers();
    watchers = new Map();
    stopped = [];
    reports = [];
    const discovery: Discovery = {
      place: 'a registry',
      watch(service, watcher) {
        watchers.set(service, watcher);
        return {
          stop: () => {
            stopped.push(service);
            return Promise.resolve();
          },
        };
      },
      close: () => Promise.resolve(),
    };
    services = createServices({ discovery, report: (message) => reports.push(message) });
  });
  afterEach(async () => {
    await services.close();
    jest.useRealTimers();
  });

  const patience = { timeoutMs: 60_000 };
  const ids = async (): Promise<string> =>
    (await services.instances('orders', patience)).map(({ id }) => id).join();

  async function known(...names: string[]): Promise<Watcher> {
    const first = services.instances('orders', patience);
    await Promise.resolve();
    const watcher = watchers.get('orders');
    if (watcher === undefined) throw new Error('nothing is watched');
    watcher.changed(names.map(at));
    await first;
    return watcher;
  }

  test('is watched from the first call on, and then at hand', async () => {
    const watcher = await known('a', 'b');
    const [first, second] = [
      await services.instances('orders', patience),
      await services.instances('orders', patience),
    ];
    expect(second).toBe(first);
    watcher.changed([]);
    expect(await ids()).toBe('');
    expect(reports).toEqual([]);
  });

  test('is an error while the registry has never answered', async () => {
    const asked = services.instances('orders', patience).catch((error: unknown) => error);
    await Promise.resolve();
    watchers.get('orders')?.lost(new Error('connection refused'));
    await jest.advanceTimersByTimeAsync(5_000);
    const error = await asked;
    expect(error).toBeInstanceOf(DiscoveryError);
    expect(error).toMatchObject({
      message: 'a registry does not answer, and nothing is known yet of the service orders',
      cause: { message: 'connection refused' },
    });
  });

  test('waits no longer than the call', async () => {
    const asked = services.instances('orders', { timeoutMs: 100 }).catch((error: unknown) => error);
    await jest.advanceTimersByTimeAsync(100);
    expect(await asked).toBeInstanceOf(DiscoveryError);
    const cancelling = new AbortController();
    const cancelled = services.instances('orders', { ...patience, signal: cancelling.signal });
    cancelling.abort(new Error('cancelled'));
    await expect(cancelled).rejects.toThrow('cancelled');
  });

  test('is what it was while the registry is away, which is said once', async () => {
    const watcher = await known('a');
    watcher.lost(new Error('away'));
    watcher.lost(new Error('away'));
    expect(await ids()).toBe('a');
    expect(services.known()).toEqual([{ service: 'orders', instances: 1, isStale: true }]);
    expect(reports).toEqual([
      'a registry does not answer: the instances of orders that it named last are used',
    ]);
    watcher.changed([at('b')]);
    expect(await ids()).toBe('b');
    expect(services.known()).toEqual([{ service: 'orders', instances: 1, isStale: false }]);
    expect(reports.at(-1)).toBe('a registry answers again about orders');
  });

  test('does not lose all instances to a registry that came back without them', async () => {
    const watcher = await known('a', 'b');
    watcher.lost(new Error('away'));
    watcher.changed([]);
    expect(await ids()).toBe('a,b');
    await jest.advanceTimersByTimeAsync(20_000);
    watcher.changed([at('a')]);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(await ids()).toBe('a');
  });

  test('believes a registry that says for half a minute that nobody is there', async () => {
    const watcher = await known('a');
    watcher.lost(new Error('away'));
    watcher.changed([]);
    await jest.advanceTimersByTimeAsync(29_000);
    expect(await ids()).toBe('a');
    await jest.advanceTimersByTimeAsync(2_000);
    expect(await ids()).toBe('');
    expect(services.known()).toEqual([{ service: 'orders', instances: 0, isStale: false }]);
  });

  test('is watched no longer when nobody calls for ten minutes', async () => {
    await known('a');
    await jest.advanceTimersByTimeAsync(540_000);
    await ids();
    await jest.advanceTimersByTimeAsync(540_000);
    expect(stopped).toEqual([]);
    await jest.advanceTimersByTimeAsync(180_000);
    expect(stopped).toEqual(['orders']);
    expect(services.known()).toEqual([]);
  });
});
