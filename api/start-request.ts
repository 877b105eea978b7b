/** What a start asks for, and the ids that make it safe to repeat. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson } from '../dsl/json.ts';
import type { JsonObject } from '../dsl/json.ts';
import type { StartAt } from '../workflows/contract.ts';
import { executionId, jsonValue } from './parse-request.ts';
import { Problem } from './problem.ts';
import { startAtBody } from './start-at.ts';

export const startBody = z.strictObject({
  workflow: z.string().min(1).max(255),
  version: z.string().min(1).max(128).optional(),
  input: jsonValue.optional(),
  id: executionId.optional(),
  startAt: startAtBody.optional(),
});

export type StartRequest = z.output<typeof startBody>;

/** The value of an `Idempotency-Key` header, if there is one. Fails with 400 for what is no key. */
export function readIdempotencyKey(header: string | undefined): string | undefined {
  if (header === undefined || /^[\x21-\x7e]{1,255}$/.test(header)) return header;
  throw new Problem('invalid-request', 'Idempotency-Key must be 1 to 255 visible ASCII characters');
}

/**
 * SHA-256 in hex of the request's meaning. Spelling does not count: order of keys, `latest` or no version, no input or
 * null, no iterations or none of them. The version counts as it was asked for, so that a repeat is still a repeat after a newer version is deployed.
 */
export function requestDigest({ workflow, version = 'latest', input = null, startAt }: StartRequest): string {
  const meaning: JsonObject = { workflow, version, input };
  if (startAt === undefined) return sha256(canonicalJson(meaning));
  return sha256(canonicalJson({ ...meaning, startAt: startAtMeaning(startAt) }));
}

/** Absent data is not null data: it stands for the workflow's input. */
function startAtMeaning({ task, data, context, iterations = {} }: StartAt): JsonObject {
  return {
    task,
    iterations,
    ...(data === undefined ? {} : { data }),
    ...(context === undefined ? {} : { context }),
  };
}

/** The execution id that a caller's idempotency key stands for. Callers do not see each other's keys. */
export function keyedExecutionId(caller: string, key: string): string {
  return sha256(canonicalJson([caller, key]));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
