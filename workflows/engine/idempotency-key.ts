import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/**
 * The key of one call: the same for every attempt of it, and for nothing else in any execution. `path` names the task
 * with its visits and loop indices. The attempt is not part of it: a retry must be recognised as the same call.
 */
export function idempotencyKey(seed: string, path: string): string {
  return bytesToHex(sha256(utf8ToBytes(`${seed}\n${path}`))).slice(0, 40);
}
