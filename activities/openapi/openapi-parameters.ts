import { isJsonObject } from '../../dsl/json.ts';
import type { Json } from '../../dsl/json.ts';
import { isJsonType } from '../http/media-type.ts';
import type { OpenapiParameter } from './describe-parameter.ts';

/** Percent-encodes everything but RFC 3986's unreserved characters. */
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Leaves RFC 3986's reserved characters, and what is percent-encoded already, but not what would end the value. */
function encodeReserved(text: string): string {
  return encode(text).replace(/%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C|3B|5B|5D)/g, decodeURIComponent);
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
export function pathText(parameter: OpenapiParameter, value: Json): string {
  const { name, style, explode } = parameter;
  const whole = wholeText(parameter, value);
  if (whole !== undefined) return encode(whole);
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
export function queryPairs(parameter: OpenapiParameter, value: Json): string[] {
  const { name, style, explode, allowReserved } = parameter;
  const key = encode(name);
  const write = allowReserved ? encodeReserved : encode;
  const whole = wholeText(parameter, value);
  if (whole !== undefined) return [`${key}=${write(whole)}`];
  if (style === 'deepObject' && isJsonObject(value)) return deepPairs(key, value, write);
  if (Array.isArray(value) && explode) {
    return (value as readonly Json[]).map((item) => `${key}=${write(scalar(item))}`);
  }
  const texts = parts(value, explode, write);
  if (isJsonObject(value) && explode) return texts;
  return [`${key}=${texts.join(delimiters[style] ?? ',')}`];
}

function deepPairs(key: string, value: Json, write: (text: string) => string): string[] {
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap((item) => deepPairs(key, item, write));
  if (!isJsonObject(value)) return value === null ? [] : [`${key}=${write(scalar(value))}`];
  return Object.entries(value).flatMap(([name, member]) =>
    deepPairs(`${key}[${encode(name)}]`, member, write),
  );
}

/** The value as the one text that a parameter with a media type is. */
function wholeText({ mediaType }: OpenapiParameter, value: Json): string | undefined {
  if (mediaType === undefined) return undefined;
  return typeof value === 'string' && !isJsonType(mediaType) ? value : JSON.stringify(value);
}

/** A header parameter: always in the style simple, not encoded. */
export function headerText(parameter: OpenapiParameter, value: Json): string {
  return wholeText(parameter, value) ?? parts(value, parameter.explode, (text) => text).join(',');
}
