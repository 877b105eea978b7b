import { isJsonObject } from '../../dsl/json.ts';
import type { Json, JsonObject } from '../../dsl/json.ts';
import { OpenapiError, resolveList, resolveNode } from './openapi-document.ts';
import type { OpenapiDocument } from './openapi-document.ts';
import { serverUrl } from './openapi-server.ts';

export type ParameterStyle =
  'simple' | 'label' | 'matrix' | 'form' | 'spaceDelimited' | 'tabDelimited' | 'pipeDelimited' | 'deepObject';

/** One parameter, with 2.0's collection formats put into the words of 3. */
export interface OpenapiParameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header' | 'cookie' | 'form';
  readonly required: boolean;
  readonly style: ParameterStyle;
  readonly explode: boolean;
  /** The parameter is one JSON text (3: `content` instead of `schema`). */
  readonly json: boolean;
}

/** What an operation takes as body. */
export interface OpenapiBody {
  /** The parameter that is the whole body: 2.0's name for it, `body` in 3. */
  readonly name: string;
  readonly required: boolean;
  readonly contentTypes: readonly string[];
  /** The body's schema has a property of the same name as the parameter, which then is only a part of it. */
  readonly hasPropertyOfItsName: boolean;
}

/** An operation as far as a caller needs it, the same for 2.0 and 3. */
export interface OpenapiOperation {
  readonly method: string;
  readonly path: string;
  /** Absolute, without a slash at the end. */
  readonly server: string;
  readonly parameters: readonly OpenapiParameter[];
  readonly body?: OpenapiBody;
}

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'] as const;

/** The operation with this id. Throws {@link OpenapiError} when there is none or it cannot be described. */
export function findOperation(document: OpenapiDocument, operationId: string): OpenapiOperation {
  const paths = isJsonObject(document.root.paths) ? document.root.paths : {};
  for (const [path, node] of Object.entries(paths)) {
    if (!path.startsWith('/')) continue;
    const item = resolveNode(document, node);
    for (const method of methods) {
      const operation = item[method];
      if (isJsonObject(operation) && operation.operationId === operationId) {
        return describeOperation(document, { path, method, item, operation });
      }
    }
  }
  throw new OpenapiError(`the document has no operation "${operationId}"`);
}

interface Found {
  readonly path: string;
  readonly method: string;
  readonly item: JsonObject;
  readonly operation: JsonObject;
}

function describeOperation(document: OpenapiDocument, found: Found): OpenapiOperation {
  const { path, method, item, operation } = found;
  // An operation's parameter takes the place of the path's one with the same name and location.
  const nodes = new Map(
    [...resolveList(document, item.parameters), ...resolveList(document, operation.parameters)].map(
      (node) => [JSON.stringify([node.in, node.name]), node],
    ),
  );
  const parameters = [...nodes.values()].flatMap((node) =>
    document.version === '2.0' ? parameterOf2(node) : parameterOf3(node),
  );
  const server = serverUrl(document, item, operation);
  const body =
    document.version === '2.0'
      ? bodyOf2(document, operation, [...nodes.values()])
      : bodyOf3(document, operation);
  return { method: method.toUpperCase(), path, server, parameters, body };
}

const locations = new Set(['path', 'query', 'header', 'cookie']);

function isLocation(value: Json | undefined): value is 'path' | 'query' | 'header' | 'cookie' {
  return typeof value === 'string' && locations.has(value);
}

const collectionFormats: Readonly<Record<string, Pick<OpenapiParameter, 'style' | 'explode'>>> = {
  csv: { style: 'form', explode: false },
  ssv: { style: 'spaceDelimited', explode: false },
  tsv: { style: 'tabDelimited', explode: false },
  pipes: { style: 'pipeDelimited', explode: false },
  multi: { style: 'form', explode: true },
};

function parameterOf2(node: JsonObject): OpenapiParameter[] {
  const { name, in: place } = node;
  const location = place === 'formData' ? 'form' : place;
  if (typeof name !== 'string' || !(location === 'form' || isLocation(location))) return [];
  if (node.type === 'file')
    throw new OpenapiError(`the parameter "${name}" is a file, which is not supported`);
  const format = typeof node.collectionFormat === 'string' ? node.collectionFormat : 'csv';
  const { style, explode } = collectionFormats[format] ?? { style: 'form', explode: false };
  const simple = (location === 'path' || location === 'header') && style === 'form';
  const required = node.required === true || location === 'path';
  return [{ name, in: location, required, style: simple ? 'simple' : style, explode, json: false }];
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

function parameterOf3(node: JsonObject): OpenapiParameter[] {
  const { name, in: location } = node;
  if (typeof name !== 'string' || !isLocation(location)) return [];
  if (location === 'header' && ignoredHeaders.has(name.toLowerCase())) return [];
  const usual: ParameterStyle = location === 'path' || location === 'header' ? 'simple' : 'form';
  const style = isStyle(node.style) ? node.style : usual;
  const explode = typeof node.explode === 'boolean' ? node.explode : style === 'form';
  const required = node.required === true || location === 'path';
  return [{ name, in: location, required, style, explode, json: isJsonObject(node.content) }];
}

function bodyOf2(
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
      contentTypes,
      hasPropertyOfItsName: schemaHasProperty(document, node.schema, name),
    };
  }
  return undefined;
}

function bodyOf3(document: OpenapiDocument, operation: JsonObject): OpenapiBody | undefined {
  if (operation.requestBody === undefined) return undefined;
  const node = resolveNode(document, operation.requestBody);
  const content = isJsonObject(node.content) ? node.content : {};
  const schemas = Object.values(content).map((media) => (isJsonObject(media) ? media.schema : undefined));
  return {
    name: 'body',
    required: node.required === true,
    contentTypes: Object.keys(content),
    hasPropertyOfItsName: schemas.some((schema) => schemaHasProperty(document, schema, 'body')),
  };
}

function schemaHasProperty(document: OpenapiDocument, schema: Json | undefined, name: string): boolean {
  if (!isJsonObject(schema)) return false;
  const { properties } = resolveNode(document, schema);
  return isJsonObject(properties) && Object.hasOwn(properties, name);
}

function textsIn(list: Json | undefined): string[] {
  return Array.isArray(list) ? (list as readonly Json[]).filter((item) => typeof item === 'string') : [];
}
