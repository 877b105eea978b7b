import { bindAddress } from './bind-address.ts';
import { loadSettings } from './load-settings.ts';

function bind(host: string, keys = '') {
  return bindAddress(loadSettings({ root: '/nowhere', env: { HOST: host, PERDURE_API_KEYS: keys } }));
}

test.each(['127.0.0.1', '127.9.9.9', 'localhost', '::1'])('%s is loopback and needs no keys', (host) => {
  expect(bind(host)).toEqual({ host });
});

test.each(['0.0.0.0', '::', '10.0.0.1', 'example.com', '127.0.0.1.example.com'])(
  'without keys %s becomes loopback, and the reason says how to open it',
  (host) => {
    expect(bind(host)).toEqual({
      host: '127.0.0.1',
      reason: expect.stringMatching(`not on ${host}; set api.keys \\(PERDURE_API_KEYS\\)`),
    });
  },
);

test('with keys the API binds where it is told', () => {
  expect(bind('0.0.0.0', `shop:${'0'.repeat(64)}`)).toEqual({ host: '0.0.0.0' });
});
