import { standardFault } from '../dsl/errors.ts';
import { isJsonObject } from '../dsl/json.ts';
import type { Json, JsonObject } from '../dsl/json.ts';
import type { HttpCallRequest } from '../workflows/contract.ts';
import { endpointUrl, withQuery } from './endpoint.ts';
import { exchange } from './exchange.ts';
import type { CallEnvironment } from './exchange.ts';
import { encodeBody, formText } from './http-body.ts';
import { completeHeaders, definedHeaders } from './http-headers.ts';
import { prepareCall } from './prepare-call.ts';
import type { CallSecrets } from './secrets.ts';

/** `call: http`: sends one request and gives its output ("HTTP Call" in the reference). */
export async function callHttp(
  request: HttpCallRequest,
  secrets: CallSecrets,
  environment: CallEnvironment,
): Promise<Json> {
  const { reference } = request;
  const { redactor } = environment;
  const call = prepareCall(request, { secrets, redactor, policies: ['/endpoint/authentication'] });
  const { method, endpoint, headers, body, query } = call.arguments;

  const defined = definedHeaders(headers, reference);
  const encoded = encodeBody(body, defined['content-type'], reference);
  const url = endpointUrl(endpoint, reference);
  return exchange(
    {
      reference,
      method: methodOf(method, reference),
      url: withQuery(url, formText(Object.entries(queryMembers(query, reference)))),
      headers: completeHeaders(
        encoded === undefined ? defined : { ...defined, 'content-type': encoded.contentType },
        request.idempotencyKey,
        call.authorization,
      ),
      body: encoded?.bytes,
      output: request.with.output ?? 'content',
      redirect: request.with.redirect ?? false,
      timeoutMs: request.timeoutMs,
      maxResponseBytes: request.maxResponseBytes,
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
