/** What a start asks for, and the ids that make it safe to repeat. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson } from '../dsl/json.ts';
import { executionId, jsonValue } from './parse-request.ts';
import { Problem } from './problem.ts';

export const startBody = z.strictObject({
  workflow: z.string().min(1).max(255),
  version: z.string().min(1).max(128).optional(),
  input: jsonValue.optional(),
  id: executionId.optional(),
});

export type StartRequest = z.output<typeof startBody>;

/** The value of an `Idempotency-Key` header, if there is one. Fails with 400 for what is no key. */
export function readIdempotencyKey(header: string | undefined): string | undefined {
  if (header === undefined || /^[\x21-\x7e]{1,255}$/.test(header)) return header;
  throw new Problem('invalid-request', 'Idempotency-Key must be 1 to 255 visible ASCII characters');
}

/**
 * SHA-256 in hex of the request's meaning. Spelling does not count: order of keys, `latest` or no version, no input or
 * null. The version counts as it was asked for, so that a repeat is still a repeat after a newer version is deployed.
 */
export function requestDigest({ workflow, version = 'latest', input = null }: StartRequest): string {
  return sha256(canonicalJson({ workflow, version, input }));
}

/** The execution id that a caller's idempotency key stands for. Callers do not see each other's keys. */
export function keyedExecutionId(caller: string, key: string): string {
  return sha256(canonicalJson([caller, key]));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
