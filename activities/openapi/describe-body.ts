import { isJsonObject } from '../../dsl/json.ts';
import type { Json, JsonObject } from '../../dsl/json.ts';
import { isJsonType, mediaType } from '../http/media-type.ts';
import { serializationOf } from './describe-parameter.ts';
import type { Serialization } from './describe-parameter.ts';
import { resolveNode } from './openapi-document.ts';
import type { OpenapiDocument } from './openapi-document.ts';

/** How one property of a form is written ("Encoding Object" of OpenAPI 3). */
export interface PropertyEncoding {
  readonly contentType?: string;
  /** Only where the document says so; else an array repeats its name and an object is JSON. */
  readonly serialization?: Serialization;
}

/** What an operation takes as body. */
export interface OpenapiBody {
  /** The parameter that is the whole body: 2.0's name for it, `body` in 3. */
  readonly name: string;
  readonly required: boolean;
  /** The media type that is sent, of those that the operation takes. */
  readonly contentType: string;
  /** By the name of the property. */
  readonly encodings: Readonly<Record<string, PropertyEncoding>>;
  /** The body's schema has a property of the same name as the parameter, which then is only a part of it. */
  readonly hasPropertyOfItsName: boolean;
}

const json = 'application/json';
const multipart = 'multipart/form-data';
const urlEncoded = 'application/x-www-form-urlencoded';

/** The body of an operation of 2.0: the parameter that is one, or the form that formData makes. */
export function bodyOf2(
  document: OpenapiDocument,
  operation: JsonObject,
  nodes: readonly JsonObject[],
): OpenapiBody | undefined {
  const contentTypes = textsIn(operation.consumes ?? document.root.consumes);
  const node = nodes.find((parameter) => parameter.in === 'body');
  if (node !== undefined) {
    const name = typeof node.name === 'string' ? node.name : 'body';
    return {
      name,
      required: node.required === true,
      contentType: chosenType(contentTypes),
      encodings: {},
      hasPropertyOfItsName: schemaHasProperty(document, node.schema, name),
    };
  }
  const fields = nodes.filter((parameter) => parameter.in === 'formData');
  if (fields.length === 0) return undefined;
  const hasFile = fields.some(({ type }) => type === 'file');
  const isMultipart = hasFile || (contentTypes.includes(multipart) && !contentTypes.includes(urlEncoded));
  const contentType = isMultipart ? multipart : urlEncoded;
  // Its fields are parameters of their own.
  return { name: '', required: false, contentType, encodings: {}, hasPropertyOfItsName: true };
}

/** The request body of an operation of 3. */
export function bodyOf3(document: OpenapiDocument, operation: JsonObject): OpenapiBody | undefined {
  if (operation.requestBody === undefined) return undefined;
  const node = resolveNode(document, operation.requestBody);
  const content = isJsonObject(node.content) ? node.content : {};
  const contentType = chosenType(Object.keys(content));
  const media = content[contentType] ?? content[Object.keys(content)[0] ?? ''];
  const schema = isJsonObject(media) ? media.schema : undefined;
  const encodings = isJsonObject(media) && isJsonObject(media.encoding) ? media.encoding : {};
  return {
    name: 'body',
    required: node.required === true,
    contentType,
    encodings: Object.fromEntries(
      Object.entries(encodings).map(([name, encoding]) => [name, propertyEncoding(encoding)]),
    ),
    hasPropertyOfItsName: schemaHasProperty(document, schema, 'body'),
  };
}

function propertyEncoding(node: Json): PropertyEncoding {
  if (!isJsonObject(node)) return {};
  const { contentType } = node;
  const isStyled = ['style', 'explode', 'allowReserved'].some((key) => node[key] !== undefined);
  return {
    ...(typeof contentType === 'string' ? { contentType } : {}),
    ...(isStyled ? { serialization: serializationOf(node, 'form') } : {}),
  };
}

/** JSON where the operation takes it, else a form, else the first that it names; JSON for a range that has it. */
function chosenType(contentTypes: readonly string[]): string {
  const types = contentTypes.length === 0 ? [json] : contentTypes;
  const exact = types.find((type) => isJsonType(mediaType(type)) && !type.includes('*'));
  if (exact !== undefined) return exact;
  if (types.some((type) => type.startsWith('*/') || type.startsWith('application/*'))) return json;
  const form = types.find((type) => mediaType(type) === urlEncoded);
  const [first = json] = types;
  return form ?? (first === 'text/*' ? 'text/plain' : first);
}

function schemaHasProperty(document: OpenapiDocument, schema: Json | undefined, name: string): boolean {
  if (!isJsonObject(schema)) return false;
  const { properties } = resolveNode(document, schema);
  return isJsonObject(properties) && Object.hasOwn(properties, name);
}

function textsIn(list: Json | undefined): string[] {
  return Array.isArray(list) ? (list as readonly Json[]).filter((item) => typeof item === 'string') : [];
}
