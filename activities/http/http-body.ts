import { standardFault } from '../../dsl/errors.ts';
import { isJsonObject } from '../../dsl/json.ts';
import type { Json } from '../../dsl/json.ts';
import { isJsonType, mediaType } from './media-type.ts';

const jsonType = 'application/json';
const formType = 'application/x-www-form-urlencoded';

/** A body ready to be sent, with the media type to announce. */
export interface EncodedBody {
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

/**
 * Encodes a request body for the content type that the definition's headers name: JSON without one, a form for an
 * object under `application/x-www-form-urlencoded`, a text as it is under any other type, and so the bytes of
 * `{base64: …}`. Null is no body.
 */
export function encodeBody(
  body: Json | undefined,
  contentType: string | undefined,
  reference: string,
): EncodedBody | undefined {
  if (body === undefined || body === null) return undefined;
  const type = mediaType(contentType ?? jsonType);
  return { contentType: contentType ?? jsonType, bytes: bodyBytes(body, type, reference) };
}

function bodyBytes(body: Json, type: string, reference: string): Uint8Array {
  if (isJsonType(type)) return Buffer.from(JSON.stringify(body));
  if (type === formType && isJsonObject(body)) return Buffer.from(formText(Object.entries(body)));
  const bytes = writtenBytes(body);
  if (bytes !== undefined) return bytes;
  const detail = `a body of type ${type} must be a text or {base64: …}, found ${kindOf(body)}`;
  throw standardFault('configuration', reference, detail);
}

/** The bytes of a body that is no JSON: a text as it is, `{base64: …}` decoded; undefined for any other value. */
export function writtenBytes(value: Json): Uint8Array | undefined {
  if (typeof value === 'string') return Buffer.from(value);
  if (!isJsonObject(value) || typeof value.base64 !== 'string') return undefined;
  return /^[A-Za-z0-9+/_-]*={0,2}$/.test(value.base64) ? Buffer.from(value.base64, 'base64') : undefined;
}

/** Names and values as a form or a query string; arrays repeat the name, null is left out, objects go as JSON. */
export function formText(members: Iterable<readonly [string, Json]>): string {
  const pairs = new URLSearchParams();
  for (const [name, value] of members) {
    for (const item of Array.isArray(value) ? (value as readonly Json[]) : [value]) {
      if (item !== null) pairs.append(name, typeof item === 'object' ? JSON.stringify(item) : String(item));
    }
  }
  return pairs.toString();
}

function kindOf(value: Json): string {
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
