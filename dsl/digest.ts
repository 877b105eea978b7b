/** Names the content of a definition. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { asJson, canonicalJson } from './json.ts';
import type { Json } from './json.ts';
import type { Definition } from './types.ts';

/** The SHA-256 of a value's canonical JSON in hexadecimal: equal for equal content, however it was written. */
export function contentDigest(content: Json): string {
  return bytesToHex(sha256(utf8ToBytes(canonicalJson(content))));
}

/** The digest of a definition, the resources that its deploy read included. */
export function definitionDigest(definition: Definition): string {
  return contentDigest(asJson(definition));
}
