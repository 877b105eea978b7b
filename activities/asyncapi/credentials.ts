import type { Authorization } from '../authentication/authorization.ts';
import { AsyncapiError } from './asyncapi-document.ts';

/** What protocols other than HTTP log in with. */
export type Credentials =
  | { readonly kind: 'password'; readonly username: string; readonly password: string }
  | { readonly kind: 'token'; readonly token: string };

/**
 * The call's authentication as username and password (`basic`) or as a token (`bearer`, `oauth2`, `oidc`). Throws
 * AsyncapiError for digest, which is HTTP's own.
 */
export function credentialsOf(authorization: Authorization | undefined): Credentials | undefined {
  if (authorization === undefined) return undefined;
  if (authorization.scheme === 'Digest') {
    throw new AsyncapiError('digest authentication is for HTTP servers only');
  }
  if (authorization.scheme !== 'Basic') return { kind: 'token', token: authorization.parameter };
  const plain = Buffer.from(authorization.parameter, 'base64').toString();
  const colon = plain.indexOf(':');
  return { kind: 'password', username: plain.slice(0, colon), password: plain.slice(colon + 1) };
}
