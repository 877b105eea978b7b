/** Reads one function or schema and checks that it can be used. */
import { checkFunction } from '../check.ts';
import type { ExternalReference } from '../check.ts';
import { contentDigest } from '../digest.ts';
import { defaultDocumentLimits, readDocument } from '../document.ts';
import { asJson, jsonSize } from '../json.ts';
import { endpointUri } from '../resources.ts';
import { schemaProblem } from '../schema-problem.ts';
import type { Definition, Endpoint, FunctionResource, SchemaResource } from '../types.ts';
import type { Finding, FindingCode } from '../validate/finding.ts';
import { quote } from '../wording.ts';
import { endpointCredentials } from './credentials.ts';
import { catalogedFunctionUri, catalogedName, rawUri } from './function-uri.ts';
import { resolutionLimits } from './limits.ts';
import { ResourceError } from './source.ts';
import type { ResourceSource } from './source.ts';

/** A resource under the name that the definition has for it, and what it names itself. */
export type ReadResource = {
  readonly name: string;
  readonly references: readonly ExternalReference[];
  /** Of its JSON. */
  readonly bytes: number;
} & (
  | { readonly kind: 'function'; readonly resource: FunctionResource }
  | { readonly kind: 'schema'; readonly resource: SchemaResource }
);

export interface ResourceProblem {
  readonly code: FindingCode;
  readonly message: string;
}

type ReadResult =
  | ({ readonly ok: true } & ReadResource)
  | { readonly ok: false; readonly problems: readonly ResourceProblem[] };

const documentLimits = { ...defaultDocumentLimits, bytes: resolutionLimits.bytes };
// More of them help nobody: they stand in a document that somebody else wrote.
const maxProblems = 5;

/** Reads what the reference names. Resolves to the resource, or to why the definition cannot have it. */
export function readResource(
  reference: ExternalReference,
  definition: Definition,
  source: ResourceSource,
): Promise<ReadResult> {
  return reference.kind === 'function'
    ? readFunction(reference.name, definition, source)
    : readSchema(reference.endpoint, definition, source);
}

async function readFunction(
  name: string,
  definition: Definition,
  source: ResourceSource,
): Promise<ReadResult> {
  // Calls of the definition itself lead to its own function; in another document the name would mean something else.
  if (Object.hasOwn(definition.use?.functions ?? {}, name)) {
    return problem('invalid-function', `${quote(name)} is the name of a function of use.functions, too`);
  }
  const found = await functionText(name, definition, source);
  if (!found.ok) return found;
  const { mode = 'strict' } = definition.evaluate ?? {};
  const checked = checkFunction(found.text, mode, documentLimits, found.isBuiltIn);
  if (!checked.ok) {
    const problems = checked.errors.slice(0, maxProblems).map((finding): ResourceProblem => ({
      code: finding.code === 'too-large' ? 'too-large' : 'invalid-function',
      message: `${placeIn(found.uri, finding)}: ${finding.message}`,
    }));
    return { ok: false, problems };
  }
  const { task, references } = checked;
  const content = asJson(task);
  const resource = { uri: found.uri, digest: contentDigest(content), task };
  return { ok: true, kind: 'function', name, references, bytes: jsonSize(content), resource };
}

async function readSchema(
  endpoint: Endpoint,
  definition: Definition,
  source: ResourceSource,
): Promise<ReadResult> {
  const name = endpointUri(endpoint);
  const found = await textAt(rawUri(name), endpoint, definition, source);
  if (!found.ok) return found;
  const read = readDocument(found.text, documentLimits);
  const [first] = read.ok ? [] : read.errors;
  if (!read.ok) {
    const place = first === undefined ? found.uri : placeIn(found.uri, first);
    return problem('schema', `${place}: ${first?.message ?? 'it cannot be read'}`);
  }
  const { value: document } = read.document;
  const wrong = schemaProblem(document);
  if (wrong !== undefined) return problem('schema', `${found.uri}#${wrong.pointer}: ${wrong.message}`);
  const resource = { digest: contentDigest(document), document };
  return { ok: true, kind: 'schema', name, references: [], bytes: jsonSize(document), resource };
}

type Found =
  | {
      readonly ok: true;
      readonly uri: string;
      readonly text: string;
      /** It comes from Perdure's default catalog. */
      readonly isBuiltIn?: boolean;
    }
  | { readonly ok: false; readonly problems: readonly ResourceProblem[] };

async function functionText(name: string, definition: Definition, source: ResourceSource): Promise<Found> {
  const cataloged = catalogedName(name);
  if (cataloged === undefined) return textAt(rawUri(name), name, definition, source);
  const catalogs = definition.use?.catalogs ?? {};
  const catalog = Object.hasOwn(catalogs, cataloged.catalog) ? catalogs[cataloged.catalog] : undefined;
  if (catalog !== undefined) {
    const { endpoint } = catalog;
    return textAt(catalogedFunctionUri(endpointUri(endpoint), cataloged), endpoint, definition, source);
  }
  const text = await source.defaultFunction(cataloged.name, cataloged.version);
  if (text !== undefined) return { ok: true, uri: name, text, isBuiltIn: true };
  const known = `${quote(cataloged.name)} in version ${cataloged.version}`;
  return problem('resource-unreachable', `the default catalog has no function ${known}`);
}

async function textAt(
  uri: string,
  endpoint: Endpoint,
  definition: Definition,
  source: ResourceSource,
): Promise<Found> {
  if (!/^https?:\/\//i.test(uri)) {
    const message = `${quote(uri)} is not read when a definition is deployed: what it names stands at an http or https URI`;
    return problem('resource-unreachable', message);
  }
  const given = endpointCredentials(endpoint, definition);
  if (!given.ok) {
    const message = `${uri} cannot be read when the definition is deployed: ${given.problem}`;
    return problem('resource-unreachable', message);
  }
  try {
    return { ok: true, uri, text: await source.read(uri, given.credentials) };
  } catch (error) {
    if (error instanceof ResourceError) return problem('resource-unreachable', error.message);
    throw error;
  }
}

function placeIn(uri: string, { line, column }: Finding): string {
  return `${uri}, line ${line}, column ${column}`;
}

function problem(
  code: FindingCode,
  message: string,
): { readonly ok: false; readonly problems: readonly ResourceProblem[] } {
  return { ok: false, problems: [{ code, message }] };
}
