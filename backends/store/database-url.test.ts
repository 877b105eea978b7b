import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDatabaseUrl } from './database-url.ts';

test('user, password, host, port and database are taken apart, and the name tells nothing confidential', () => {
  const url = 'postgres://ann:p%40ss%2F%25@db.internal:5433/shop?timeoutMs=2000&connections=3';
  expect(parseDatabaseUrl(url)).toEqual({
    name: 'postgres://db.internal:5433/shop',
    host: 'db.internal',
    port: 5433,
    user: 'ann',
    password: 'p@ss/%',
    database: 'shop',
    tls: undefined,
    connections: 3,
    connectTimeoutMs: 5_000,
    timeoutMs: 2_000,
    own: {},
  });
});

test('what is left out stays out, and an address of IPv6 loses its brackets', () => {
  expect(parseDatabaseUrl('mysql://[::1]')).toMatchObject({
    host: '::1',
    port: undefined,
    user: undefined,
    password: undefined,
    database: '',
  });
});

describe('TLS', () => {
  test.each([
    ['', undefined],
    ['?tls=false', undefined],
    ['?sslmode=disable', undefined],
    ['?ssl-mode=DISABLED', undefined],
    ['?tls=true', true],
    ['?sslmode=verify-full', true],
    ['?ssl-mode=VERIFY_IDENTITY', true],
    ['?tlsServerName=db', true],
    ['?tls=unverified', false],
    ['?sslmode=require', false],
    ['?ssl-mode=REQUIRED', false],
  ])('%j: certificates are checked: %p', (parameters, rejectUnauthorized) => {
    expect(parseDatabaseUrl(`postgres://db/x${parameters}`).tls?.rejectUnauthorized).toBe(rejectUnauthorized);
  });

  test.each([
    ['db', 'db'],
    ['10.0.0.1', undefined],
    ['[::1]', undefined],
    ['one,two', undefined],
  ])('the name in the certificate of %s: %p', (host, servername) => {
    expect(parseDatabaseUrl(`cassandra://${host}/x?tls=true`).tls?.servername).toBe(servername);
  });

  test('certificates come from files, and the name that is checked can be another one', () => {
    const folder = mkdtempSync(join(tmpdir(), 'perdure-url-'));
    const path = join(folder, 'ca.pem');
    writeFileSync(path, 'PEM');
    const url = `mysql://db/x?ssl-ca=${path}&tlsCertFile=${path}&tlsKeyFile=${path}&tlsServerName=other`;
    const pem = Buffer.from('PEM');
    expect(parseDatabaseUrl(url).tls).toEqual({
      rejectUnauthorized: true,
      ca: pem,
      cert: pem,
      key: pem,
      servername: 'other',
      checkServerIdentity: expect.any(Function),
    });
    rmSync(folder, { recursive: true });
  });
});

test.each([
  ['postgres://a:p#ss@db:x/y', /^The store's URL .* is not one: expected postgres:\/\/user:password@host/],
  ['postgres:', /names no host/],
  ['mysql://u:%zz@db/x', /holds a % that is not part of an escape/],
  ['mysql://db/x?poolSize=3', /has the unknown parameter poolSize; known: tls, /],
  ['mysql://db/x?connections=0', /asks for connections=0; expected a whole number from 1 to 1000/],
  ['mysql://db/x?timeoutMs=fast', /asks for timeoutMs=fast/],
  ['mysql://db/x?tls=maybe', /asks for tls=maybe; expected true, false or unverified/],
  ['mysql://db/x?tlsCaFile=/no/such.pem', /names in tlsCaFile a file that cannot be read: ENOENT/],
])('%s is refused with what is wrong', (url, message) => {
  expect(() => parseDatabaseUrl(url)).toThrow(
    expect.objectContaining({
      name: 'StoreError',
      type: 'invalid',
      message: expect.stringMatching(message),
    }),
  );
  expect(() => parseDatabaseUrl(url)).not.toThrow(/p#ss/);
});
