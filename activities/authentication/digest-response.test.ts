import { parseChallenges } from './challenges.ts';
import { digestChallenge, digestResponse } from './digest-response.ts';
import type { DigestedRequest } from './digest-response.ts';
import type { UsernamePassword } from './username-password.ts';

const mufasa = { username: 'Mufasa', password: 'Circle of Life' };
const index = { method: 'GET', url: new URL('http://www.example.org/dir/index.html') };

function answer(
  challenge: string,
  credentials: UsernamePassword,
  request: DigestedRequest,
  cnonce: string,
): Record<string, string> {
  const chosen = digestChallenge(parseChallenges(challenge));
  if (chosen === undefined) throw new Error('no challenge that can be answered');
  const [response] = parseChallenges(`Digest ${digestResponse(chosen, credentials, request, cnonce)}`);
  return Object.fromEntries(response?.parameters ?? []);
}

describe('the response to a digest challenge', () => {
  const realm = 'realm="http-auth@example.org", qop="auth, auth-int"';
  const nonce =
    'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"';
  const cnonce = 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ';

  it.each([
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
  ])('is that of RFC 7616, 3.9.1, for %s', (algorithm, response) => {
    expect(answer(`Digest ${realm}, algorithm=${algorithm}, ${nonce}`, mufasa, index, cnonce)).toEqual({
      username: 'Mufasa',
      realm: 'http-auth@example.org',
      uri: '/dir/index.html',
      algorithm,
      nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
      nc: '00000001',
      cnonce,
      qop: 'auth',
      response,
      opaque: 'FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS',
    });
  });

  it('hides the name where the server wants it, as in erratum 4897 of RFC 7616', () => {
    const challenge =
      'Digest realm="api@example.org", qop="auth", algorithm=SHA-512-256, ' +
      'nonce="5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK", charset=UTF-8, userhash=true';
    const jason = { username: 'Jäsøn Doe', password: 'Secret, or not?' };
    const request = { method: 'GET', url: new URL('http://api.example.org/doe.json') };
    expect(answer(challenge, jason, request, 'NTg6RKcb9boFIAS3KrFK9BGeh+niz/sm')).toMatchObject({
      username: '793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b',
      userhash: 'true',
    });
  });

  it('is that of RFC 2617, 3.5', () => {
    const challenge =
      'Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"';
    const person = { username: 'Mufasa', password: 'Circle Of Life' };
    const { response, algorithm } = answer(challenge, person, index, '0a4f113b');
    expect([response, algorithm]).toEqual(['6629fae49393a05397450978507c4ef1', undefined]);
  });

  it('needs no counter in the manner of RFC 2069', () => {
    const given = answer('Digest realm="r", nonce="n"', mufasa, index, 'c');
    expect(Object.keys(given)).toEqual(['username', 'realm', 'nonce', 'uri', 'response']);
  });

  it('covers the body where the server wants it', () => {
    const ofBody = (body: string): string | undefined =>
      answer('Digest realm="r", nonce="n", qop=auth-int', mufasa, { ...index, body: Buffer.from(body) }, 'c')
        .response;
    expect(ofBody('a')).not.toBe(ofBody('b'));
  });

  it('writes names that a quoted text cannot hold in the extended notation', () => {
    const chosen = digestChallenge(parseChallenges('Digest realm="r\\"s", nonce="n"'));
    expect(chosen && digestResponse(chosen, { username: 'Ünal', password: 'p' }, index)).toContain(
      `username*=UTF-8''%C3%9Cnal, realm="r\\"s"`,
    );
  });

  it.each([
    'Digest realm="r", nonce="n", algorithm=SHA-3, Digest realm="r", nonce="second", algorithm=MD5',
    'Basic realm="r", Digest realm="r", nonce="second"',
    'Digest realm="r", nonce="n", qop="auth-future", Digest nonce="none", Digest realm="r", nonce="second"',
  ])('answers the first challenge that it can: %s', (header) => {
    expect(digestChallenge(parseChallenges(header))?.parameters.get('nonce')).toBe('second');
  });
});
