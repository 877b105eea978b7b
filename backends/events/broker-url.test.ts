import { parseBrokerUrl, placeOf, readTlsFiles, wholeParameter, wordParameter } from './broker-url.ts';

const rules = { port: 9092, parameters: ['partitions', 'from', 'ca'] };

it('takes a URL with everything apart', () => {
  const url = parseBrokerUrl('kafka://ann:p%40s%2Fs@one:19092,two,[::1]:7/shop.events?partitions=3', rules);
  expect(url).toMatchObject({
    scheme: 'kafka',
    username: 'ann',
    password: 'p@s/s',
    brokers: [
      { host: 'one', port: 19092 },
      { host: 'two', port: 9092 },
      { host: '::1', port: 7 },
    ],
    path: 'shop.events',
  });
  expect(placeOf(url)).toBe('one:19092,two:9092,[::1]:7');
  expect(wholeParameter(url, 'partitions', { fallback: 12, least: 1, most: 9 })).toBe(3);
  expect(wordParameter(url, 'from', ['now', 'start'])).toBe('now');
});

it('does with a host alone', () => {
  const url = parseBrokerUrl('kafka://broker', rules);
  expect(url).toMatchObject({ brokers: [{ host: 'broker', port: 9092 }], path: '' });
  expect(url.username).toBeUndefined();
});

it.each([
  ['kafka:', 'expected scheme://'],
  ['kafka://ann:s3cret@', 'expected scheme://'],
  ['kafka://ann:s3cret@one:two', 'expected host:port'],
  ['kafka://ann:s3cret@one:0', '0 is not a port'],
  ['kafka://ann:s3cret@one:99999', '99999 is not a port'],
  ['kafka://ann:s3cret%@one', 'the password in the URL is not percent-encoded'],
  ['kafka://ann:s3cret/x@one', 'host:port'],
  ['kafka://ann:s3cret@one/?topics=x', 'kafka: has no parameter "topics"; it has partitions, from, ca'],
])('says what is wrong with %s, without the password', (text, complaint) => {
  const parse = (): unknown => parseBrokerUrl(text, rules);
  expect(parse).toThrow(TypeError);
  expect(parse).toThrow(complaint);
  expect(parse).not.toThrow('s3cret');
});

it.each([
  ['partitions=many', 'partitions has to be a whole number from 1 to 9, found "many"'],
  ['partitions=10', 'partitions has to be a whole number from 1 to 9, found "10"'],
  ['from=then', 'from has to be now or start, found "then"'],
])('says which values %s could have', (query, complaint) => {
  const url = parseBrokerUrl(`kafka://broker/?${query}`, rules);
  const read = (): unknown => [
    wholeParameter(url, 'partitions', { fallback: 1, least: 1, most: 9 }),
    wordParameter(url, 'from', ['now', 'start']),
  ];
  expect(read).toThrow(complaint);
});

it('reads files for TLS only where TLS is', async () => {
  const url = parseBrokerUrl('kafka://broker/?ca=/nowhere/ca.pem', rules);
  await expect(readTlsFiles(url, true)).rejects.toThrow('the file of ca cannot be read');
  await expect(readTlsFiles(url, false)).rejects.toThrow('ca is for TLS, and kafka: does not use it');
  expect(await readTlsFiles(parseBrokerUrl('kafkas://broker', rules), true)).toEqual({});
});
