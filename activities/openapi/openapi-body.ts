import { isJsonObject } from '../../dsl/json.ts';
import type { Json } from '../../dsl/json.ts';
import { writtenBytes } from '../http/http-body.ts';
import type { EncodedBody } from '../http/http-body.ts';
import { isJsonType, mediaType } from '../http/media-type.ts';
import type { OpenapiBody, PropertyEncoding } from './describe-body.ts';
import type { OpenapiParameter } from './describe-parameter.ts';
import { multipartBody } from './multipart.ts';
import type { Part } from './multipart.ts';
import { OpenapiArgumentError } from './openapi-error.ts';
import { queryPairs } from './openapi-parameters.ts';

/**
 * Writes a body in its operation's media type: JSON, a form, a form of parts, or a text or bytes as they are. Throws
 * {@link OpenapiArgumentError} for a value that the media type cannot hold.
 */
export function openapiBody({ contentType, encodings }: OpenapiBody, value: Json): EncodedBody {
  const type = mediaType(contentType);
  if (isJsonType(type)) return { contentType, bytes: Buffer.from(JSON.stringify(value)) };
  if (type === 'application/x-www-form-urlencoded' && isJsonObject(value)) {
    const pairs = Object.entries(value).flatMap(([name, member]) =>
      formPairs(name, member, encodings[name] ?? {}),
    );
    return { contentType, bytes: Buffer.from(pairs.join('&')) };
  }
  if (type.startsWith('multipart/') && isJsonObject(value)) {
    const parts = Object.entries(value).flatMap(([name, member]) =>
      partsOf(name, member, encodings[name] ?? {}),
    );
    return multipartBody(contentType, parts);
  }
  const bytes = type.startsWith('multipart/') ? undefined : writtenBytes(value);
  if (bytes !== undefined) return { contentType, bytes };
  const wanted = type.startsWith('multipart/') ? 'an object' : 'a text or {base64: …}';
  throw new OpenapiArgumentError(`a body of type ${contentType} must be ${wanted}`);
}

/** The form that parameters of 2.0 make. */
export function formBody(
  { contentType }: OpenapiBody,
  fields: readonly { readonly parameter: OpenapiParameter; readonly value: Json }[],
): EncodedBody {
  if (!contentType.startsWith('multipart/')) {
    const pairs = fields.flatMap(({ parameter, value }) => queryPairs(parameter, value));
    return { contentType, bytes: Buffer.from(pairs.join('&')) };
  }
  return multipartBody(
    contentType,
    fields.flatMap(({ parameter, value }) => {
      const joins = Array.isArray(value) && !parameter.explode;
      const text = joins ? (value as readonly Json[]).map(String).join(',') : value;
      return partsOf(parameter.name, text, {});
    }),
  );
}

const styled = { in: 'form', required: false } as const;
const usual = { style: 'form', explode: true, allowReserved: false } as const;

function formPairs(name: string, value: Json, { serialization }: PropertyEncoding): string[] {
  if (value === null) return [];
  if (serialization !== undefined) return queryPairs({ name, ...styled, ...serialization }, value);
  const text = isJsonObject(value) ? JSON.stringify(value) : value;
  return queryPairs({ name, ...styled, ...usual }, text);
}

/** One part, or one for each item of an array. */
function partsOf(name: string, value: Json, encoding: PropertyEncoding): Part[] {
  if (value === null) return [];
  if (Array.isArray(value))
    return (value as readonly Json[]).flatMap((item) => partsOf(name, item, encoding));
  const file = isJsonObject(value) && typeof value.base64 === 'string' ? value : undefined;
  const bytes = file === undefined ? undefined : writtenBytes(file);
  if (file !== undefined && bytes !== undefined) {
    const contentType = typeof file.contentType === 'string' ? file.contentType : firstType(encoding);
    const filename = typeof file.filename === 'string' ? file.filename : name;
    return [{ name, filename, contentType: contentType ?? 'application/octet-stream', bytes }];
  }
  const contentType =
    firstType(encoding) ?? (isJsonObject(value) ? 'application/json' : 'text/plain; charset=utf-8');
  return [{ name, contentType, bytes: Buffer.from(partText(value, contentType)) }];
}

function partText(value: Json, contentType: string): string {
  const isJson = typeof value === 'object' || isJsonType(mediaType(contentType));
  return isJson ? JSON.stringify(value) : String(value);
}

/** The first exact type that an encoding lists. */
function firstType({ contentType }: PropertyEncoding): string | undefined {
  const types = contentType?.split(',').map((type) => type.trim());
  return types?.find((type) => type !== '' && !type.includes('*'));
}
