import { isJsonObject } from '../../dsl/json.ts';
import type { JsonObject } from '../../dsl/json.ts';
import { bodyOf2, bodyOf3 } from './describe-body.ts';
import type { OpenapiBody } from './describe-body.ts';
import { parameterOf2, parameterOf3 } from './describe-parameter.ts';
import type { OpenapiParameter } from './describe-parameter.ts';
import { resolveList, resolveNode } from './openapi-document.ts';
import type { OpenapiDocument } from './openapi-document.ts';
import { OpenapiError } from './openapi-error.ts';
import { apiKeyPlace } from './openapi-security.ts';
import type { ApiKeyPlace } from './openapi-security.ts';
import { serverUrl } from './openapi-server.ts';

/** An operation as far as a caller needs it, the same for 2.0 and 3. */
export interface OpenapiOperation {
  readonly method: string;
  readonly path: string;
  /** Absolute, without a slash at the end. */
  readonly server: string;
  readonly parameters: readonly OpenapiParameter[];
  readonly body?: OpenapiBody;
  /** Where the credentials go of an operation that takes an API key and nothing else. */
  readonly apiKey?: ApiKeyPlace;
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
  const is2 = document.version === '2.0';
  return {
    method: method.toUpperCase(),
    path,
    server: serverUrl(document, item, operation),
    parameters: [...nodes.values()].flatMap(is2 ? parameterOf2 : parameterOf3),
    body: is2 ? bodyOf2(document, operation, [...nodes.values()]) : bodyOf3(document, operation),
    apiKey: apiKeyPlace(document, operation),
  };
}
