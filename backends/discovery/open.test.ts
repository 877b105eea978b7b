import { openDiscovery } from './open.ts';

test.each([
  ['eureka://host', '"eureka:" is not supported; expected static:, dns:, consul:'],
  ['', '"::" is not supported'.replace('::', ':')],
  ['consul:', 'expected scheme://user:password@host:port'],
  ['consul://:hunter2-secret@a:1,b:1', 'names one agent'],
  ['consul://:hunter2-secret@a:1/path', 'has no path'],
  ['consul://a?colour=red', 'has no parameter "colour"; it has dc, ca, cert, key'],
  ['consul://a?ca=/x.pem', 'ca is for TLS, and consul: does not use it; write consuls:'],
  ['consuls://a?ca=/no/such.pem', 'the file of ca cannot be read'],
  ['etcd://ann:%zz@a', 'the password in the URL is not percent-encoded'],
  ['etcd://a:99999', 'expected host:port'],
  ['zookeeper://[::1]:2181', 'has no IPv6 addresses'],
  ['zookeeper://a?ca=x', 'has no parameter "ca"; it has none'],
  ['dns://ns.internal', 'servers are addresses'],
  ['dns:?port=0', 'port has to be a whole number from 1 to 65535'],
  ['dns:?srv=http&port=80', 'SRV records have the port themselves'],
])('the URL %s is refused, without its credentials', async (url, message) => {
  const error: unknown = await openDiscovery({ url }).catch((failure: unknown) => failure);
  expect(error).toBeInstanceOf(TypeError);
  expect(String(error)).toContain(message);
  expect(String(error)).not.toContain('hunter2-secret');
});

test('services stand in the configuration for static: alone', async () => {
  await expect(openDiscovery({ url: 'dns:', services: { orders: ['a:1'] } })).rejects.toThrow(
    'discovery.services is for "static:"',
  );
});
