import { isJsonObject } from '../../dsl/json.ts';
import type { Json, JsonObject } from '../../dsl/json.ts';

export type ParameterStyle =
  'simple' | 'label' | 'matrix' | 'form' | 'spaceDelimited' | 'tabDelimited' | 'pipeDelimited' | 'deepObject';

/** How a value is written as a parameter ("Style Values" of OpenAPI). */
export interface Serialization {
  readonly style: ParameterStyle;
  readonly explode: boolean;
  /** RFC 3986's reserved characters stay as they are. */
  readonly allowReserved: boolean;
}

/** One parameter, with 2.0's collection formats put into the words of 3. */
export interface OpenapiParameter extends Serialization {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header' | 'cookie' | 'form';
  readonly required: boolean;
  /** The parameter is one text of this media type (3: `content` instead of `schema`). */
  readonly mediaType?: string;
}

const locations = new Set(['path', 'query', 'header', 'cookie']);

function isLocation(value: Json | undefined): value is 'path' | 'query' | 'header' | 'cookie' {
  return typeof value === 'string' && locations.has(value);
}

const collectionFormats: Readonly<Record<string, Pick<Serialization, 'style' | 'explode'>>> = {
  csv: { style: 'form', explode: false },
  ssv: { style: 'spaceDelimited', explode: false },
  tsv: { style: 'tabDelimited', explode: false },
  pipes: { style: 'pipeDelimited', explode: false },
  multi: { style: 'form', explode: true },
};

/** A parameter of 2.0; its body is none. */
export function parameterOf2(node: JsonObject): OpenapiParameter[] {
  const { name, in: place } = node;
  const location = place === 'formData' ? 'form' : place;
  if (typeof name !== 'string' || !(location === 'form' || isLocation(location))) return [];
  const format = typeof node.collectionFormat === 'string' ? node.collectionFormat : 'csv';
  const { style, explode } = collectionFormats[format] ?? { style: 'form', explode: false };
  const simple = (location === 'path' || location === 'header') && style === 'form';
  const required = node.required === true || location === 'path';
  return [{ name, in: location, required, style: simple ? 'simple' : style, explode, allowReserved: false }];
}

const styles = new Set([
  'simple',
  'label',
  'matrix',
  'form',
  'spaceDelimited',
  'pipeDelimited',
  'deepObject',
]);

function isStyle(value: Json | undefined): value is ParameterStyle {
  return typeof value === 'string' && styles.has(value);
}

// OpenAPI 3 sends these by other means, and says that a parameter with such a name is ignored.
const ignoredHeaders = new Set(['accept', 'content-type', 'authorization']);

/** A parameter of 3. */
export function parameterOf3(node: JsonObject): OpenapiParameter[] {
  const { name, in: location } = node;
  if (typeof name !== 'string' || !isLocation(location)) return [];
  if (location === 'header' && ignoredHeaders.has(name.toLowerCase())) return [];
  const usual: ParameterStyle = location === 'path' || location === 'header' ? 'simple' : 'form';
  const required = node.required === true || location === 'path';
  const [mediaType] = isJsonObject(node.content) ? Object.keys(node.content) : [];
  return [{ name, in: location, required, ...serializationOf(node, usual), mediaType }];
}

/** `style`, `explode` and `allowReserved` of a parameter or of an encoding, with their defaults. */
export function serializationOf(node: JsonObject, usual: ParameterStyle): Serialization {
  const style = isStyle(node.style) ? node.style : usual;
  const explode = typeof node.explode === 'boolean' ? node.explode : style === 'form';
  return { style, explode, allowReserved: node.allowReserved === true };
}
