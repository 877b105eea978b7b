import { isJsonObject } from '../../dsl/json.ts';
import type { Json } from '../../dsl/json.ts';
import type { OpenapiParameter } from './openapi-operation.ts';

/** Percent-encodes everything but RFC 3986's unreserved characters. */
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function scalar(value: Json): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** The value as texts: the items of an array; names and values of an object, one after the other or as `name=value`. */
function parts(value: Json, explode: boolean, write: (text: string) => string): string[] {
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => write(scalar(item)));
  if (!isJsonObject(value)) return [write(scalar(value))];
  return Object.entries(value).flatMap(([key, member]) => {
    const pair = [write(key), write(scalar(member))];
    return explode ? [pair.join('=')] : pair;
  });
}

/** A path parameter in the style simple, label or matrix ("Style Values" of OpenAPI), percent-encoded. */
export function pathText({ name, style, explode, json }: OpenapiParameter, value: Json): string {
  if (json) return encode(JSON.stringify(value));
  const texts = parts(value, explode, encode);
  switch (style) {
    case 'label':
      return texts.map((text, index) => (explode || index === 0 ? `.${text}` : `,${text}`)).join('');
    case 'matrix':
      if (!explode) return `;${encode(name)}=${texts.join(',')}`;
      return texts.map((text) => (isJsonObject(value) ? `;${text}` : `;${encode(name)}=${text}`)).join('');
    case 'spaceDelimited':
      return texts.join('%20');
    case 'tabDelimited':
      return texts.join('%09');
    case 'pipeDelimited':
      return texts.join('%7C');
    default:
      return texts.join(',');
  }
}

const delimiters: Readonly<Record<string, string>> = {
  spaceDelimited: '%20',
  tabDelimited: '%09',
  pipeDelimited: '%7C',
};

/** A query, form or cookie parameter as `name=value` pairs, percent-encoded ("Style Values" of OpenAPI). */
export function queryPairs({ name, style, explode, json }: OpenapiParameter, value: Json): string[] {
  const key = encode(name);
  if (json) return [`${key}=${encode(JSON.stringify(value))}`];
  if (style === 'deepObject' && isJsonObject(value)) return deepPairs(key, value);
  if (Array.isArray(value) && explode) {
    return (value as readonly Json[]).map((item) => `${key}=${encode(scalar(item))}`);
  }
  const texts = parts(value, explode, encode);
  if (isJsonObject(value) && explode) return texts;
  return [`${key}=${texts.join(delimiters[style] ?? ',')}`];
}

function deepPairs(key: string, value: Json): string[] {
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap((item) => deepPairs(key, item));
  if (!isJsonObject(value)) return value === null ? [] : [`${key}=${encode(scalar(value))}`];
  return Object.entries(value).flatMap(([name, member]) => deepPairs(`${key}[${encode(name)}]`, member));
}

/** A header parameter: always in the style simple, not encoded. */
export function headerText({ explode, json }: OpenapiParameter, value: Json): string {
  return json ? JSON.stringify(value) : parts(value, explode, (text) => text).join(',');
}
