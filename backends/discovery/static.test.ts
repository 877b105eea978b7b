import { openDiscovery } from './open.ts';
import type { Instance } from './port.ts';

async function instancesOf(
  service: string,
  given: Parameters<typeof openDiscovery>[0],
): Promise<readonly Instance[]> {
  const discovery = await openDiscovery(given);
  return await new Promise((resolve, reject) => {
    discovery.watch(service, { changed: resolve, lost: reject });
  });
}

const at = (host: string, port: number, id = `${host}:${port}`): Instance => ({
  id,
  host,
  port,
  metadata: {},
});

describe('services that stand in the configuration', () => {
  test('are those of the URL and of the setting', async () => {
    const url = 'static:orders=10.0.0.5:8080, orders.internal ;shipping=[fd00::1]:81';
    const given = { url, services: { mail: ['mail.internal:25'] } };
    expect(await instancesOf('orders', given)).toEqual([at('10.0.0.5', 8080), at('orders.internal', 80)]);
    expect(await instancesOf('shipping', given)).toEqual([at('fd00::1', 81, '[fd00::1]:81')]);
    expect(await instancesOf('mail', given)).toEqual([at('mail.internal', 25)]);
    expect(await instancesOf('nobody', { url: 'static:' })).toEqual([]);
  });

  test.each([
    ['static:orders', {}, 'expected static:name=host:port'],
    ['static:orders=', {}, 'expected host:port'],
    ['static:orders=a:b', {}, 'found "a:b"'],
    ['static:orders=a:99999', {}, 'found "a:99999"'],
    ['static:or ders=a:1', {}, '"or ders" is not a name of a service'],
    ['static:orders=a:1', { orders: ['b:1'] }, 'stands in the URL and in discovery.services'],
  ])('cannot be %s', async (url, services, message) => {
    await expect(openDiscovery({ url, services })).rejects.toThrow(message);
  });
});
