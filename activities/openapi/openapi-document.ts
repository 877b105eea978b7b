import { parse as parseYaml } from 'yaml';
import { atPointer, isJsonObject } from '../../dsl/json.ts';
import type { Json, JsonObject } from '../../dsl/json.ts';
import { MissingDocumentError, OpenapiError } from './openapi-error.ts';

/** An OpenAPI description that was fetched and parsed: Swagger 2.0, or OpenAPI 3. */
export interface OpenapiDocument {
  readonly version: '2.0' | '3';
  /** Every `$ref` in it is an absolute URL. */
  readonly root: JsonObject;
  /** Where it came from, after redirects: servers may be relative to it. */
  readonly url: URL;
  /** The documents that it refers to, as far as they were fetched, by the URL in their references. */
  readonly parts: ReadonlyMap<string, Json>;
}

/** Parses JSON or YAML. Throws {@link OpenapiError} when it is neither, or no OpenAPI description of 2.0 or 3. */
export function parseOpenapiDocument(text: string, url: URL): OpenapiDocument {
  const root = parseOpenapiPart(text, url);
  if (!isJsonObject(root)) throw new OpenapiError('the document is not an object');
  const parts = new Map([[withoutFragment(url), root]]);
  if (root.swagger === '2.0') return { version: '2.0', root, url, parts };
  if (typeof root.openapi === 'string' && root.openapi.startsWith('3.')) {
    return { version: '3', root, url, parts };
  }
  throw new OpenapiError('the document says neither swagger: "2.0" nor openapi: 3');
}

/** Parses a document that another refers to: JSON or YAML, with its references made absolute. */
export function parseOpenapiPart(text: string, url: URL): Json {
  try {
    const value: unknown = text.trimStart().startsWith('{')
      ? JSON.parse(text)
      : parseYaml(text, { maxAliasCount: 100 });
    return withAbsoluteReferences(value as Json, url);
  } catch (error) {
    throw new OpenapiError('the document is neither JSON nor YAML', { cause: error });
  }
}

function withAbsoluteReferences(value: Json, base: URL): Json {
  if (Array.isArray(value))
    return (value as readonly Json[]).map((item) => withAbsoluteReferences(item, base));
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).map(([key, member]): [string, Json] => {
    const isReference = key === '$ref' && typeof member === 'string' && URL.canParse(member, base.href);
    return [key, isReference ? new URL(member, base).href : withAbsoluteReferences(member, base)];
  });
  return Object.fromEntries(entries);
}

function withoutFragment(url: URL): string {
  return url.href.replace(/#.*$/, '');
}

/** References that follow one another; a chain that is longer is a circle. */
const maxReferences = 32;

/**
 * The object that a node is or refers to by `$ref`, in its own document or another. Throws {@link MissingDocumentError}
 * for one that has to be fetched first.
 */
export function resolveNode(document: OpenapiDocument, node: Json | undefined): JsonObject {
  let current = node;
  for (let followed = 0; followed <= maxReferences; followed++) {
    if (!isJsonObject(current)) throw new OpenapiError('the document has no object where one is needed');
    const reference = current.$ref;
    if (typeof reference !== 'string') return current;
    current = referredTo(document, reference);
    if (current === undefined) throw new OpenapiError(`the reference ${reference} leads nowhere`);
  }
  throw new OpenapiError('the document has references in a circle');
}

function referredTo({ parts }: OpenapiDocument, reference: string): Json | undefined {
  if (!URL.canParse(reference)) return undefined;
  const url = new URL(reference);
  const part = parts.get(withoutFragment(url));
  if (part === undefined) throw new MissingDocumentError(new URL(withoutFragment(url)));
  try {
    return atPointer(part, decodeURIComponent(url.hash.slice(1)));
  } catch {
    return undefined;
  }
}

/** Each item of an optional list, resolved. */
export function resolveList(document: OpenapiDocument, list: Json | undefined): JsonObject[] {
  return Array.isArray(list) ? (list as readonly Json[]).map((item) => resolveNode(document, item)) : [];
}
