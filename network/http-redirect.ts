import { isCredentialHeader } from './credential-headers.ts';
import { HttpSendError } from './http-send-error.ts';
import type { HttpReply, HttpRequest } from './http-sender.ts';
import { callableUrl, requestLabel } from './http-url.ts';

/** One request of the chain that redirects make. */
export interface Hop extends Pick<HttpRequest, 'method' | 'headers' | 'body' | 'secretHeaders'> {
  readonly url: URL;
}

const redirectStatuses = new Set([301, 302, 303, 307, 308]);

/** Where the reply redirects to, or undefined when it does not. What it leads to must be callable itself. */
export function redirectTarget(
  { status, headers, method }: Omit<HttpReply, 'body'>,
  from: URL,
): URL | undefined {
  const location = headers.location;
  if (!redirectStatuses.has(status) || location === undefined) return undefined;
  if (!URL.canParse(location, from.href)) {
    const message = `${requestLabel(method, from)} redirects to something that is not a URL`;
    throw new HttpSendError('broken-off', message);
  }
  const target = new URL(location, from);
  target.username = '';
  target.password = '';
  target.hash = '';
  return callableUrl(target.href);
}

/** The next request after a redirect (RFC 9110, 15.4): 303, and 301 and 302 after POST, turn into GET. */
export function redirected(
  { method, url, headers, body, secretHeaders }: Hop,
  status: number,
  target: URL,
): Hop {
  const becomesGet =
    (status === 303 && method !== 'HEAD') || ((status === 301 || status === 302) && method === 'POST');
  const kept = Object.entries(headers).filter(([name]) => {
    const lower = name.toLowerCase();
    if (becomesGet && lower.startsWith('content-')) return false;
    return target.origin === url.origin || !(isCredentialHeader(lower) || secretHeaders?.has(lower));
  });
  return {
    method: becomesGet ? 'GET' : method,
    url: target,
    headers: Object.fromEntries(kept.filter(([name]) => name.toLowerCase() !== 'host')),
    body: becomesGet ? undefined : body,
    secretHeaders,
  };
}
