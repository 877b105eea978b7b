import { parseChallenges } from './challenges.ts';

function parsed(header: string): unknown {
  return parseChallenges(header).map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)]);
}

describe('the challenges of a server', () => {
  it.each<[string, unknown]>([
    ['Basic realm="shop"', [['basic', { realm: 'shop' }]]],
    ['DIGEST Realm=shop,QOP="auth, auth-int"', [['digest', { realm: 'shop', qop: 'auth, auth-int' }]]],
    [
      'Digest realm="a, Basic b=\\"c\\"", nonce="n/+=" , stale=TRUE, Basic realm="b", Bearer',
      [
        ['digest', { realm: 'a, Basic b="c"', nonce: 'n/+=', stale: 'TRUE' }],
        ['basic', { realm: 'b' }],
        ['bearer', {}],
      ],
    ],
    ['Bearer', [['bearer', {}]]],
    ['', []],
    ['"', []],
  ])('in %s', (header, challenges) => {
    expect(parsed(header)).toEqual(challenges);
  });

  it('are found behind a token68', () => {
    expect(parsed('Negotiate YWJj/+==, Digest realm="r"')).toContainEqual(['digest', { realm: 'r' }]);
  });
});
