import { createHash, randomBytes } from 'node:crypto';
import type { Challenge } from './challenges.ts';
import type { UsernamePassword } from './username-password.ts';

/** The algorithms of RFC 7616 by their names in lower case, without `-sess`, as Node calls them. */
const hashes: ReadonlyMap<string, string> = new Map([
  ['md5', 'md5'],
  ['sha-256', 'sha256'],
  ['sha-512-256', 'sha512-256'],
]);

/** The request that a digest is computed for. */
export interface DigestedRequest {
  readonly method: string;
  readonly url: URL;
  readonly body?: Uint8Array;
}

/** The first challenge of digest authentication that can be answered: servers put the one they prefer first. */
export function digestChallenge(challenges: readonly Challenge[]): Challenge | undefined {
  return challenges.find(
    (challenge) =>
      challenge.scheme === 'digest' &&
      challenge.parameters.has('nonce') &&
      challenge.parameters.has('realm') &&
      algorithmOf(challenge) !== undefined &&
      protectionOf(challenge) !== 'unknown',
  );
}

/** Whether the server asks again only because its nonce is too old: name and password are not in doubt. */
export function isStale({ parameters }: Challenge): boolean {
  return parameters.get('stale')?.toLowerCase() === 'true';
}

/**
 * The parameters of the `Authorization` header that answer a challenge (RFC 7616, 3.4). `cnonce` is ours; without one it
 * is drawn. Nothing in the text lets the password be computed but by trying passwords.
 */
export function digestResponse(
  challenge: Challenge,
  { username, password }: UsernamePassword,
  { method, url, body }: DigestedRequest,
  cnonce: string = randomBytes(16).toString('base64url'),
): string {
  const { parameters } = challenge;
  const { hash, session } = algorithmOf(challenge) ?? { hash: 'md5', session: false };
  const digest = (...texts: string[]): string => createHash(hash).update(texts.join(':')).digest('hex');

  const realm = parameters.get('realm') ?? '';
  const nonce = parameters.get('nonce') ?? '';
  const protection = protectionOf(challenge);
  const uri = `${url.pathname}${url.search}`;
  const count = '00000001';

  const person = digest(username, realm, password);
  const first = session ? digest(person, nonce, cnonce) : person;
  const bodyHash = createHash(hash)
    .update(body ?? '')
    .digest('hex');
  const second = protection === 'auth-int' ? digest(method, uri, bodyHash) : digest(method, uri);
  const response =
    protection === undefined
      ? digest(first, nonce, second)
      : digest(first, nonce, count, cnonce, protection, second);

  const algorithm = parameters.get('algorithm');
  const opaque = parameters.get('opaque');
  const isHashed = parameters.get('userhash')?.toLowerCase() === 'true';
  const protectionFields = [`qop=${protection}`, `nc=${count}`, `cnonce=${quoted(cnonce)}`];
  return [
    isHashed ? `username=${quoted(digest(username, realm))}` : usernameField(username),
    `realm=${quoted(realm)}`,
    `nonce=${quoted(nonce)}`,
    `uri=${quoted(uri)}`,
    ...(algorithm === undefined ? [] : [`algorithm=${algorithm}`]),
    ...(protection === undefined ? [] : protectionFields),
    `response=${quoted(response)}`,
    ...(opaque === undefined ? [] : [`opaque=${quoted(opaque)}`]),
    ...(isHashed ? ['userhash=true'] : []),
  ].join(', ');
}

interface Algorithm {
  readonly hash: string;
  /** The first hash covers the nonces too. */
  readonly session: boolean;
}

function algorithmOf({ parameters }: Challenge): Algorithm | undefined {
  const name = (parameters.get('algorithm') ?? 'MD5').toLowerCase();
  const hash = hashes.get(name.replace(/-sess$/, ''));
  return hash === undefined ? undefined : { hash, session: name.endsWith('-sess') };
}

/** What the digest protects: none in the manner of RFC 2069, `auth` where there is a choice. */
function protectionOf({ parameters }: Challenge): 'auth' | 'auth-int' | 'unknown' | undefined {
  const offered = parameters.get('qop')?.toLowerCase().split(',');
  const names = offered?.map((name) => name.trim());
  if (names === undefined) return undefined;
  if (names.includes('auth')) return 'auth';
  return names.includes('auth-int') ? 'auth-int' : 'unknown';
}

// A name that a quoted text cannot hold goes in the extended notation (RFC 7616, 3.4.1).
function usernameField(username: string): string {
  if (/^[ -~]*$/.test(username)) return `username=${quoted(username)}`;
  const encoded = encodeURIComponent(username.toWellFormed()).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `username*=UTF-8''${encoded}`;
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
