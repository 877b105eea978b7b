import { environmentSecrets, namedSecrets, openSecrets } from './secrets.ts';

describe('secrets from the environment', () => {
  const source = environmentSecrets(
    {
      PERDURE_SECRET_PAYMENT_KEY: 'sk-1',
      PERDURE_SECRET_DB_LOGIN: ' {"username": "ann", "password": "p"}',
      PERDURE_SECRET_BROKEN: '{"username": ',
      PERDURE_SECRET_EMPTY: '',
    },
    'PERDURE_SECRET_',
  );

  it.each([
    ['payment-key', 'sk-1'],
    ['payment_key', 'sk-1'],
    ['db.login', { username: 'ann', password: 'p' }],
    ['broken', '{"username": '],
    ['empty', undefined],
    ['unknown', undefined],
  ])('gives %s', (name, value) => {
    expect(source.read(name)).toEqual(value);
  });

  it('lets a call use only what its definition declares and the environment has', () => {
    const secrets = openSecrets(source, ['payment-key', 'unknown'], '/do/0/pay');
    expect(secrets.values).toEqual({ 'payment-key': 'sk-1' });
    expect(secrets.use('payment-key')).toBe('sk-1');
    const error = { status: 403, instance: '/do/0/pay', type: expect.stringMatching(/\/authorization$/) };
    expect(faultOf(() => secrets.use('unknown'))).toMatchObject({
      error: { ...error, detail: expect.stringContaining('"unknown" has no value') },
    });
    expect(faultOf(() => secrets.use('db-login'))).toMatchObject({
      error: { ...error, detail: expect.stringContaining('not listed in use.secrets') },
    });
  });
});

function faultOf(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('secrets that an expression names', () => {
  it.each([
    ['${ $secrets.apiKey }', ['apiKey']],
    ['Bearer ${ $secrets.login.token }', ['login']],
    ['${ $secrets["payment-key"] }', ['payment-key']],
    ['${ $secrets."payment-key" }', ['payment-key']],
    ['${ $secrets . a + $secrets["b"] }', ['a', 'b']],
    ['${ $secrets[.name] }', []],
    ['${ .secrets.a }', []],
  ])('%s', (text, names) => {
    expect(namedSecrets(text)).toEqual(names);
  });

  it('are found at any depth of a value', () => {
    expect(namedSecrets({ basic: [{ password: '${ $secrets.a }' }, 1, null] })).toEqual(['a']);
  });
});
