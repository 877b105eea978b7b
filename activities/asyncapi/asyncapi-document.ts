import { parse as parseYaml } from 'yaml';
import { atPointer, isJsonObject } from '../../dsl/json.ts';
import type { Json, JsonObject } from '../../dsl/json.ts';

/** An AsyncAPI description that was fetched and parsed. */
export interface AsyncapiDocument {
  readonly version: '2' | '3';
  readonly root: JsonObject;
}

/** Thrown for a description that cannot be used, or not in this way; the message says why. */
export class AsyncapiError extends Error {
  override readonly name = 'AsyncapiError';
}

/** Parses JSON or YAML. Throws {@link AsyncapiError} when it is neither, or no AsyncAPI description of 2 or 3. */
export function parseAsyncapiDocument(text: string): AsyncapiDocument {
  const root = parseJsonOrYaml(text);
  const version = isJsonObject(root) ? root.asyncapi : undefined;
  if (!isJsonObject(root) || typeof version !== 'string') {
    throw new AsyncapiError('the document says no asyncapi version');
  }
  if (version.startsWith('2.')) return { version: '2', root };
  if (version.startsWith('3.')) return { version: '3', root };
  throw new AsyncapiError(`AsyncAPI ${version.slice(0, 20)} is not supported: 2 and 3 are`);
}

function parseJsonOrYaml(text: string): unknown {
  try {
    return text.trimStart().startsWith('{') ? JSON.parse(text) : parseYaml(text, { maxAliasCount: 100 });
  } catch (error) {
    throw new AsyncapiError('the document is neither JSON nor YAML', { cause: error });
  }
}

/** References that follow one another; a chain that is longer is a circle. */
const maxReferences = 32;

/** What a node is or refers to by `$ref`, and the reference that led there last. */
export interface ResolvedNode {
  readonly node: JsonObject;
  /** JSON Pointer into the document. */
  readonly pointer?: string;
}

/** Follows the references of a node. Only those inside the document can be followed. */
export function resolveReference({ root }: AsyncapiDocument, written: Json | undefined): ResolvedNode {
  let node = written;
  let pointer: string | undefined;
  for (let followed = 0; followed <= maxReferences; followed++) {
    if (!isJsonObject(node)) throw new AsyncapiError('the document has no object where one is needed');
    const reference = node.$ref;
    if (typeof reference !== 'string') return { node, pointer };
    if (!reference.startsWith('#/')) {
      throw new AsyncapiError(`the reference ${reference} leads out of the document, which is not supported`);
    }
    pointer = decodeURIComponent(reference.slice(1));
    node = atPointer(root, pointer);
    if (node === undefined) throw new AsyncapiError(`the reference ${reference} leads nowhere`);
  }
  throw new AsyncapiError('the document has references in a circle');
}

/** The object that a node is or refers to. */
export function resolveNode(document: AsyncapiDocument, node: Json | undefined): JsonObject {
  return resolveReference(document, node).node;
}

/** The members of an object, itself perhaps missing or a reference, that are objects. */
export function resolveMembers(document: AsyncapiDocument, node: Json | undefined): Map<string, JsonObject> {
  if (node === undefined) return new Map();
  const members = Object.entries(resolveNode(document, node));
  return new Map(members.map(([name, member]) => [name, resolveNode(document, member)]));
}

/** The bindings of a node for a protocol; none is an empty object. */
export function bindingsOf(document: AsyncapiDocument, node: JsonObject, protocol: string): JsonObject {
  if (node.bindings === undefined) return {};
  const bindings = resolveNode(document, node.bindings);
  return Object.hasOwn(bindings, protocol) ? resolveNode(document, bindings[protocol]) : {};
}
