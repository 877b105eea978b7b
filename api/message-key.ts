import { createHash } from 'node:crypto';
import type { Request } from 'express';
import { canonicalJson } from '../dsl/json.ts';
import type { ApiResponse } from './route.ts';
import { readIdempotencyKey } from './start-request.ts';

/**
 * The id by which a repeated signal, update or operation of one execution is recognised; undefined without an
 * `Idempotency-Key`. Callers do not see each other's keys.
 */
export function messageKey(request: Request, response: ApiResponse): string | undefined {
  const key = readIdempotencyKey(request.get('idempotency-key'));
  if (key === undefined) return undefined;
  return createHash('sha256')
    .update(canonicalJson([response.locals.caller, request.path, key]))
    .digest('hex');
}
