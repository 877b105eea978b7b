import { nameOf, parseAddress, qualifiedName } from './address.ts';

test('a URL names servers, user, namespace, table and timeout, or leaves them to their defaults', () => {
  expect(parseAddress('hbase://hb1')).toEqual({
    servers: [{ host: 'hb1', port: 16_000 }],
    user: 'perdure',
    namespace: 'default',
    table: 'perdure',
    timeoutMs: 10_000,
  });
  const full = parseAddress(
    'hbase://ann@hb1:16001,10.0.0.7,[::1]:16002/shop?table=flows.v1-a&timeoutMs=2500',
  );
  expect(full).toEqual({
    servers: [
      { host: 'hb1', port: 16_001 },
      { host: '10.0.0.7', port: 16_000 },
      { host: '::1', port: 16_002 },
    ],
    user: 'ann',
    namespace: 'shop',
    table: 'flows.v1-a',
    timeoutMs: 2_500,
  });
  expect(nameOf(full)).toBe('hbase://hb1:16001,10.0.0.7:16000,[::1]:16002/shop?table=flows.v1-a');
});

test('a table in the namespace default has its name alone in HBase', () => {
  expect(qualifiedName(parseAddress('hbase://h/?table=t'))).toBe('t');
  expect(qualifiedName(parseAddress('hbase://h/shop'))).toBe('shop:perdure');
});

test.each([
  ['hbase:', 'is not one: expected hbase://'],
  ['hbase://', 'is not one: expected hbase://'],
  ['hbase://ann:secret@h', 'is not one: expected hbase://'],
  ['hbase://h:1:2', 'has "h:1:2" for a server'],
  ['hbase://h,', 'has "" for a server'],
  ['hbase://h/a-b', 'has the name "a-b", which HBase does not take'],
  ['hbase://h/?table=.meta', 'has the name ".meta", which HBase does not take'],
  ['hbase://h/?tabel=t', 'has the unknown parameter tabel; known: table, timeoutMs'],
  ['hbase://h/?timeoutMs=1e3', 'asks for timeoutMs=1e3'],
])('%s is refused, and no password is said', (url, message) => {
  expect(() => parseAddress(url)).toThrow(message);
  expect(() => parseAddress(url)).not.toThrow(/secret/);
});
