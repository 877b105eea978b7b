import { createHash } from 'node:crypto';
import { isJsonObject } from '../../dsl/json.ts';
import type { JsonObject } from '../../dsl/json.ts';

/**
 * The parameters with what a message needs and the definition may leave out ("A2A Call", `parameters`): its role, its
 * kind, and an id that is the same for every attempt of the call, so that an agent can tell a repetition.
 */
export function withMessageDefaults(parameters: JsonObject, idempotencyKey: string): JsonObject {
  const message = isJsonObject(parameters.message) ? parameters.message : {};
  const defaults = { kind: 'message', role: 'user', messageId: uuidOf(idempotencyKey) };
  return { ...parameters, message: { ...defaults, ...message } };
}

/** A UUID of version 8: made of a hash (RFC 9562, 5.8). */
function uuidOf(text: string): string {
  const bytes = createHash('sha256').update(text).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
