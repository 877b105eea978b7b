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
 * object under `application/x-www-form-urlencoded`, a text as it is under any other type. Null is no body.
 */
export function encodeBody(
  body: Json | undefined,
  contentType: string | undefined,
  reference: string,
): EncodedBody | undefined {
  if (body === undefined || body === null) return undefined;
  const type = mediaType(contentType ?? jsonType);
  return { contentType: contentType ?? jsonType, bytes: Buffer.from(bodyText(body, type, reference)) };
}

function bodyText(body: Json, type: string, reference: string): string {
  if (isJsonType(type)) return JSON.stringify(body);
  if (typeof body === 'string') return body;
  if (type === formType && isJsonObject(body)) return formText(Object.entries(body));
  throw standardFault(
    'configuration',
    reference,
    `a body of type ${type} must be a text, found ${kindOf(body)}`,
  );
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
