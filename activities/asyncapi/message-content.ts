import { isUtf8 } from 'node:buffer';
import type { Json } from '../../dsl/json.ts';
import { isJsonType, isTextType, mediaType } from '../http/media-type.ts';

const jsonType = 'application/json';

/** A payload as bytes under the content type that the document names: JSON, or a text as it is. */
export function encodePayload(
  payload: Json | undefined,
  contentType: string | undefined,
): { readonly body: Uint8Array; readonly contentType: string } {
  const type = contentType ?? jsonType;
  if (payload === undefined) return { body: new Uint8Array(), contentType: type };
  const isText = typeof payload === 'string' && !isJsonType(mediaType(type));
  return { body: Buffer.from(isText ? payload : JSON.stringify(payload)), contentType: type };
}

/**
 * What a message's bytes say: JSON parsed, text as text, anything else in base64. Without a content type, and where the
 * content is not what its type says, the first of these that fits. No bytes are no payload.
 */
export function decodePayload(body: Uint8Array, contentType: string | undefined): Json | undefined {
  if (body.length === 0) return undefined;
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (!isUtf8(bytes)) return bytes.toString('base64');
  const text = bytes.toString();
  const type = mediaType(contentType);
  return type !== '' && isTextType(type) ? text : (parsedJson(text) ?? text);
}

function parsedJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
