import { createHash, timingSafeEqual } from 'node:crypto';
import type { NextFunction, Request } from 'express';
import type { Settings } from '../config/settings.ts';
import { Problem } from './problem.ts';
import type { ApiResponse } from './route.ts';

type Middleware = (request: Request, response: ApiResponse, next: NextFunction) => void;
type Keys = Settings['api']['keys'];

/**
 * Lets a request in whose `Authorization: Bearer` key has a configured SHA-256, and notes the key's name as caller.
 * Without keys everybody on this machine is `anonymous`, see {@link onlyThisMachine}.
 */
export function requireKey(keys: Keys): Middleware {
  return (request, response, next) => {
    if (keys.length > 0) response.locals.caller = keyName(keys, request.headers.authorization);
    next();
  };
}

function keyName(keys: Keys, authorization: string | undefined): string {
  const token = /^Bearer +([^\s]+) *$/i.exec(authorization ?? '')?.[1] ?? '';
  const digest = createHash('sha256').update(token).digest();
  // Every key is compared, so that the time tells nothing of which one came close.
  const matches = keys.map(({ sha256 }) => {
    const expected = Buffer.from(sha256, 'hex');
    return expected.length === digest.length && timingSafeEqual(expected, digest);
  });
  const match = keys[matches.indexOf(true)];
  if (match === undefined) {
    throw new Problem('unauthorized', 'Send a configured API key as "Authorization: Bearer <key>"', {
      headers: { 'WWW-Authenticate': 'Bearer realm="perdure"' },
    });
  }
  return match.name;
}

/**
 * For an API without keys, which listens on loopback only: refuses what a web page in a browser of this machine could
 * send, through a name that resolves to loopback (DNS rebinding, seen in `Host`) or across origins (seen in `Origin`).
 */
export function onlyThisMachine(keys: Keys): Middleware {
  return (request, _response, next) => {
    if (keys.length > 0) return next();
    const { host, origin } = request.headers;
    if (host === undefined || !isLoopbackUrl(`http://${host}`)) {
      throw new Problem(
        'refused-origin',
        'Without API keys only a loopback Host is answered, such as localhost',
      );
    }
    if (origin !== undefined && !isLoopbackUrl(origin)) {
      throw new Problem('refused-origin', 'Without API keys no web page of another host may call');
    }
    next();
  };
}

/** True for an http(s) URL whose host is localhost, 127.0.0.0/8 or ::1. */
export function isLoopbackUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  if (protocol !== 'http:' && protocol !== 'https:') return false;
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}
