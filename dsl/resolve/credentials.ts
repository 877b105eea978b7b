/** Authentication of what a deploy reads ("Authentication"). */
import type { AuthenticationPolicy, Definition, Endpoint } from '../types.ts';
import type { Credentials } from './source.ts';

export type EndpointCredentials =
  | { readonly ok: true; readonly credentials?: Credentials }
  | { readonly ok: false; readonly problem: string };

/**
 * The credentials that an endpoint asks for: basic or bearer, written in the definition. There is no execution yet, so
 * that secrets, expressions and tokens that have to be fetched are a problem.
 */
export function endpointCredentials(
  endpoint: Endpoint,
  { use }: Pick<Definition, 'use'>,
): EndpointCredentials {
  if (typeof endpoint === 'string' || endpoint.authentication === undefined) return { ok: true };
  const { authentication } = endpoint;
  const named = 'use' in authentication ? use?.authentications?.[authentication.use] : authentication;
  return named === undefined ? { ok: false, problem: 'its authentication is not defined' } : written(named);
}

function written({ basic, bearer }: AuthenticationPolicy): EndpointCredentials {
  const scheme = basic ?? bearer;
  if (scheme === undefined) {
    return { ok: false, problem: 'a deploy authenticates by "basic" or "bearer" only' };
  }
  if ('use' in scheme || Object.values(scheme).some((text) => String(text).includes('${'))) {
    return { ok: false, problem: 'secrets and expressions are known only when an execution runs' };
  }
  return { ok: true, credentials: scheme };
}
