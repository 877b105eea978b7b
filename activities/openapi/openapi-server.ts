import { isJsonObject } from '../../dsl/json.ts';
import type { Json, JsonObject } from '../../dsl/json.ts';
import { isServiceUrl } from '../../network/services/service-url.ts';
import { OpenapiError } from './openapi-error.ts';
import type { OpenapiDocument } from './openapi-document.ts';

/**
 * The base URL of an operation, absolute and without a slash at the end: in 3 the first server of operation, path or
 * document with its variables' defaults; in 2.0 put together from schemes, host and basePath. What the document leaves
 * out is taken from the URL that it came from.
 */
export function serverUrl(document: OpenapiDocument, item: JsonObject, operation: JsonObject): string {
  const base =
    document.version === '2.0'
      ? serverOf2(document, operation)
      : serverOf3(document, operation.servers ?? item.servers ?? document.root.servers);
  return base.href.replace(/[?#].*$/, '').replace(/\/+$/, '');
}

function serverOf2({ root, url }: OpenapiDocument, operation: JsonObject): URL {
  const listed = operation.schemes ?? root.schemes;
  const own = url.protocol.slice(0, -1);
  let schemes = Array.isArray(listed) ? (listed as readonly Json[]) : [own];
  // A service's document may know the scheme of its instances, but not how they are called from here.
  if (isServiceUrl(own + ':') && typeof root.host !== 'string') schemes = [own];
  const scheme = schemes.includes(own) ? own : schemes.find((name) => name === 'https' || name === 'http');
  if (typeof scheme !== 'string')
    throw new OpenapiError('the document names neither http nor https as scheme');
  const host = typeof root.host === 'string' ? root.host : url.host;
  const basePath = typeof root.basePath === 'string' ? root.basePath : '/';
  return parseServer(`${scheme}://${host}${basePath.startsWith('/') ? '' : '/'}${basePath}`, url);
}

function serverOf3({ url }: OpenapiDocument, servers: Json | undefined): URL {
  const [server]: readonly (Json | undefined)[] = Array.isArray(servers) ? servers : [];
  if (!isJsonObject(server) || typeof server.url !== 'string') return new URL('/', url);
  const variables = isJsonObject(server.variables) ? server.variables : {};
  const text = server.url.replace(/\{([^{}]+)\}/g, (_match, name: string) => {
    const variable = Object.hasOwn(variables, name) ? variables[name] : undefined;
    if (isJsonObject(variable) && typeof variable.default === 'string') return variable.default;
    throw new OpenapiError(`the server variable "${name}" has no default`);
  });
  return parseServer(text, url);
}

function parseServer(text: string, base: URL): URL {
  if (URL.canParse(text, base.href)) return new URL(text, base);
  throw new OpenapiError(`the server "${text}" is not a URL`);
}
