import { allowedServices } from './allowed-services.ts';
import { isServiceUrl, parseServiceUrl } from './service-url.ts';

describe('the URL of a service', () => {
  it.each([
    ['service://orders/v1/items', 'orders', false, '/v1/items'],
    ['service+https://orders/v1?a=b%20c', 'orders', true, '/v1?a=b%20c'],
    ['service://orders', 'orders', false, '/'],
    ['service://orders?a=1', 'orders', false, '/?a=1'],
    ['service://Orders_v2.shop-1/x#part', 'Orders_v2.shop-1', false, '/x'],
    ['SERVICE://orders/', 'orders', false, '/'],
  ])('%s', (url, service, secure, rest) => {
    expect(isServiceUrl(url)).toBe(true);
    expect(parseServiceUrl(url)).toEqual({ service, secure, rest });
  });

  it.each([
    'service://',
    'service:///path',
    'service:orders',
    'service://orders:8080/x',
    'service://ann:hunter2-secret@orders/x',
    'service://-orders/x',
    'service://or ders/x',
    'service://[::1]/x',
    `service://${'x'.repeat(200)}/`,
  ])('cannot be %s', (url) => {
    let message = '';
    try {
      parseServiceUrl(url);
    } catch (error) {
      message = String(error);
    }
    expect(message).toContain('expected service://name/path');
    expect(message).not.toContain('hunter2-secret');
  });

  it.each(['http://orders/', 'https://service/', 'services://orders', 'servicehttps://x'])(
    'is not %s',
    (url) => {
      expect(isServiceUrl(url)).toBe(false);
    },
  );
});

describe('the allowed services', () => {
  it('are the entries that name one', () => {
    const allowed = allowedServices(['localhost:80', 'service://Orders', 'service+https://shipping']);
    expect([...allowed]).toEqual(['orders', 'shipping']);
  });

  it.each(['service://', 'service://orders/path', 'service://orders:80'])('cannot be %s', (entry) => {
    expect(() => allowedServices([entry])).toThrow(`"${entry}" is not a service: write service://name`);
  });
});
