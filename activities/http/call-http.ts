import { standardFault } from '../../dsl/errors.ts';
import { isJsonObject } from '../../dsl/json.ts';
import type { Json, JsonObject } from '../../dsl/json.ts';
import type { HttpCallRequest } from '../../workflows/contract.ts';
import { endpointUrl, withQuery } from './endpoint.ts';
import type { CallEnvironment } from './exchange.ts';
import { formText } from './http-body.ts';
import { prepareCall } from '../prepare-call.ts';
import type { CallSecrets } from '../secrets/secrets.ts';
import { sendCall } from './send-call.ts';

/** `call: http`: sends one request and gives its output ("HTTP Call" in the reference). */
export async function callHttp(
  request: HttpCallRequest,
  secrets: CallSecrets,
  environment: CallEnvironment,
): Promise<Json> {
  const { reference } = request;
  const call = await prepareCall(request, { secrets, environment, policies: ['/endpoint/authentication'] });
  const { method, endpoint, headers, body, query } = call.arguments;
  const url = endpointUrl(endpoint, reference, { orService: true });
  return sendCall(
    request,
    {
      method: methodOf(method, reference),
      url: withQuery(url, formText(Object.entries(queryMembers(query, reference)))),
      headers,
      body,
      authorization: call.authorization,
      timeoutMs: call.remainingMs(),
    },
    environment,
  );
}

function queryMembers(query: Json | undefined, reference: string): JsonObject {
  if (query === undefined || query === null) return {};
  if (isJsonObject(query)) return query;
  throw standardFault('configuration', reference, 'query must be an object');
}

function methodOf(method: Json | undefined, reference: string): string {
  const name = typeof method === 'string' ? method.toUpperCase() : '';
  // CONNECT opens a tunnel: it has no reply that could be an output, and no place behind the address guard.
  if (/^[A-Z-]+$/.test(name) && name !== 'CONNECT') return name;
  throw standardFault(
    'configuration',
    reference,
    `${JSON.stringify(method)} is not an HTTP method that can be called`,
  );
}
