import { standardFault } from '../../dsl/errors.ts';
import { isJsonObject } from '../../dsl/json.ts';
import type { Json } from '../../dsl/json.ts';
import type { OpenapiCallRequest } from '../../workflows/contract.ts';
import type { Authorization } from '../authentication/authorization.ts';
import { endpointUrl, withQuery } from '../http/endpoint.ts';
import { statusFault } from '../http/exchange.ts';
import type { CallEnvironment } from '../http/exchange.ts';
import { DocumentStatusError } from '../http/documents.ts';
import type { OpenapiDocuments } from './openapi-documents.ts';
import { findOperation } from './openapi-operation.ts';
import { OpenapiArgumentError, OpenapiError } from './openapi-error.ts';
import { openapiRequest } from './openapi-request.ts';
import type { OpenapiRequest } from './openapi-request.ts';
import type { Patience } from '../patience.ts';
import { prepareCall } from '../prepare-call.ts';
import type { PreparedCall } from '../prepare-call.ts';
import type { Redactor } from '../secrets/redaction.ts';
import type { CallSecrets } from '../secrets/secrets.ts';
import { sendCall } from '../http/send-call.ts';
import type { DescribedRequest } from '../http/send-call.ts';
import { formText } from '../http/http-body.ts';
import { sendFault } from '../http/send-fault.ts';
import { originOf } from '../../network/http-url.ts';

/** `call: openapi`: finds the operation in its document and sends what it describes ("OpenAPI Call"). */
export async function callOpenapi(
  request: OpenapiCallRequest,
  secrets: CallSecrets,
  documents: OpenapiDocuments,
  environment: CallEnvironment,
): Promise<Json> {
  const call = await prepareCall(request, {
    secrets,
    environment,
    policies: ['/authentication', '/document/endpoint/authentication'],
  });
  const described = await describeRequest(call, request, documents, environment.signal);
  const keyed = withApiKey(described, call.authorization, environment.redactor);
  return sendCall(request, { ...keyed, timeoutMs: call.remainingMs() }, environment);
}

async function describeRequest(
  call: PreparedCall,
  { reference }: OpenapiCallRequest,
  documents: OpenapiDocuments,
  signal: AbortSignal,
): Promise<OpenapiRequest> {
  const { operationId, parameters } = call.arguments;
  const given = isJsonObject(parameters) ? parameters : {};
  const { url, authorization } = await documentEndpoint(call, reference);
  const where = `${originOf(url)}${url.pathname}`;
  if (typeof operationId !== 'string') {
    throw standardFault('configuration', reference, 'operationId must be a text');
  }
  try {
    const patience = (): Patience => ({ timeoutMs: call.remainingMs(), signal });
    return await documents.read({ url, authorization }, patience, (document) =>
      openapiRequest(findOperation(document, operationId), given),
    );
  } catch (error) {
    if (error instanceof OpenapiArgumentError) {
      throw standardFault('validation', reference, `${operationId} of ${where}: ${error.message}`);
    }
    if (error instanceof OpenapiError) {
      throw standardFault('configuration', reference, `OpenAPI document ${where}: ${error.message}`);
    }
    if (error instanceof DocumentStatusError) throw statusFault(error.reply, reference, authorization);
    throw sendFault(error, reference);
  }
}

async function documentEndpoint(
  call: PreparedCall,
  reference: string,
): Promise<{ readonly url: URL; readonly authorization?: Authorization }> {
  const { document } = call.arguments;
  const endpoint = isJsonObject(document) ? document.endpoint : undefined;
  return {
    url: endpointUrl(endpoint, reference, { orService: true }),
    authorization: await call.authorize(isJsonObject(endpoint) ? endpoint.authentication : undefined),
  };
}

/** The request with its authorization, where the operation wants it: in `Authorization`, or as its API key. */
function withApiKey(
  { apiKey, ...described }: OpenapiRequest,
  authorization: Authorization | undefined,
  redactor: Redactor,
): Omit<DescribedRequest, 'timeoutMs'> {
  const { method, url, headers, body: encoded } = described;
  if (apiKey === undefined || authorization?.scheme !== 'Bearer') {
    return { method, url, headers, encoded, authorization };
  }
  const { parameter } = authorization;
  // Outside of `Authorization` only its value tells that it is a credential.
  redactor.learn(parameter);
  const pair = formText([[apiKey.name, parameter]]);
  switch (apiKey.in) {
    case 'query':
      return { method, url: withQuery(new URL(url), pair), headers, encoded };
    case 'header':
      return { method, url, headers: { ...headers, [apiKey.name]: parameter }, encoded };
    case 'cookie':
      return { method, url, headers: { ...headers, Cookie: joinedCookies(headers.Cookie, pair) }, encoded };
  }
}

function joinedCookies(cookies: Json | undefined, pair: string): string {
  return typeof cookies === 'string' ? `${cookies}; ${pair}` : pair;
}
