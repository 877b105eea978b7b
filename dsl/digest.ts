/** Names the content of a definition. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { asJson, canonicalJson } from './json.ts';
import type { Definition } from './types.ts';

/** The SHA-256 of the definition's canonical JSON in hexadecimal: equal for equal content, however it was written. */
export function definitionDigest(definition: Definition): string {
  return bytesToHex(sha256(utf8ToBytes(canonicalJson(asJson(definition)))));
}
