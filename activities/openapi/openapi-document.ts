import { parse as parseYaml } from 'yaml';
import { atPointer, isJsonObject } from '../../dsl/json.ts';
import type { Json, JsonObject } from '../../dsl/json.ts';

/** An OpenAPI description that was fetched and parsed: Swagger 2.0, or OpenAPI 3. */
export interface OpenapiDocument {
  readonly version: '2.0' | '3';
  readonly root: JsonObject;
  /** Where it came from, after redirects: servers may be relative to it. */
  readonly url: URL;
}

/** Thrown for a description that cannot be used; the message says what is wrong with it. */
export class OpenapiError extends Error {
  override readonly name = 'OpenapiError';
}

/** Parses JSON or YAML. Throws {@link OpenapiError} when it is neither, or no OpenAPI description of 2.0 or 3. */
export function parseOpenapiDocument(text: string, url: URL): OpenapiDocument {
  const root = parseJsonOrYaml(text);
  if (!isJsonObject(root)) throw new OpenapiError('the document is not an object');
  if (root.swagger === '2.0') return { version: '2.0', root, url };
  if (typeof root.openapi === 'string' && root.openapi.startsWith('3.')) return { version: '3', root, url };
  throw new OpenapiError('the document says neither swagger: "2.0" nor openapi: 3');
}

function parseJsonOrYaml(text: string): unknown {
  try {
    return text.trimStart().startsWith('{') ? JSON.parse(text) : parseYaml(text, { maxAliasCount: 100 });
  } catch (error) {
    throw new OpenapiError('the document is neither JSON nor YAML', { cause: error });
  }
}

/** References that follow one another; a chain that is longer is a circle. */
const maxReferences = 32;

/** The object that a node is or refers to by `$ref`. Only references inside the document are followed. */
export function resolveNode(document: OpenapiDocument, node: Json | undefined): JsonObject {
  let current = node;
  for (let followed = 0; followed <= maxReferences; followed++) {
    if (!isJsonObject(current)) throw new OpenapiError('the document has no object where one is needed');
    const reference = current.$ref;
    if (typeof reference !== 'string') return current;
    if (!reference.startsWith('#/')) {
      throw new OpenapiError(`the reference ${reference} leads out of the document, which is not supported`);
    }
    current = atPointer(document.root, decodeURIComponent(reference.slice(1)));
    if (current === undefined) throw new OpenapiError(`the reference ${reference} leads nowhere`);
  }
  throw new OpenapiError('the document has references in a circle');
}

/** Each item of an optional list, resolved. */
export function resolveList(document: OpenapiDocument, list: Json | undefined): JsonObject[] {
  return Array.isArray(list) ? (list as readonly Json[]).map((item) => resolveNode(document, item)) : [];
}
