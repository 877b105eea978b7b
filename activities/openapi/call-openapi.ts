import { standardFault } from '../../dsl/errors.ts';
import { isJsonObject } from '../../dsl/json.ts';
import type { Json } from '../../dsl/json.ts';
import type { OpenapiCallRequest } from '../../workflows/contract.ts';
import type { Authorization } from '../authentication/authentication.ts';
import { endpointUrl } from '../http/endpoint.ts';
import { statusFault } from '../http/exchange.ts';
import type { CallEnvironment } from '../http/exchange.ts';
import { documentHeaders } from '../http/http-headers.ts';
import { OpenapiError } from './openapi-document.ts';
import { DocumentStatusError } from './openapi-documents.ts';
import type { OpenapiDocuments } from './openapi-documents.ts';
import { findOperation } from './openapi-operation.ts';
import { OpenapiArgumentError, openapiRequest } from './openapi-request.ts';
import type { OpenapiRequest } from './openapi-request.ts';
import { prepareCall } from '../prepare-call.ts';
import type { PreparedCall } from '../prepare-call.ts';
import type { CallSecrets } from '../secrets/secrets.ts';
import { sendCall } from '../http/send-call.ts';
import { sendFault } from '../http/send-fault.ts';

/** `call: openapi`: finds the operation in its document and sends what it describes ("OpenAPI Call"). */
export async function callOpenapi(
  request: OpenapiCallRequest,
  secrets: CallSecrets,
  documents: OpenapiDocuments,
  environment: CallEnvironment,
): Promise<Json> {
  const { redactor, signal } = environment;
  const call = prepareCall(request, {
    secrets,
    redactor,
    policies: ['/authentication', '/document/endpoint/authentication'],
  });
  const startedAt = Date.now();
  const described = await describeRequest(call, request, documents, signal);
  // The document's part of the time is spent.
  const timeoutMs = Math.max(1, request.timeoutMs - (Date.now() - startedAt));
  return sendCall(request, { ...described, authorization: call.authorization, timeoutMs }, environment);
}

async function describeRequest(
  call: PreparedCall,
  { reference, timeoutMs }: OpenapiCallRequest,
  documents: OpenapiDocuments,
  signal: AbortSignal,
): Promise<OpenapiRequest> {
  const { operationId, parameters } = call.arguments;
  const given = isJsonObject(parameters) ? parameters : {};
  const { url, authorization } = documentEndpoint(call, reference);
  const where = `${url.origin}${url.pathname}`;
  if (typeof operationId !== 'string') {
    throw standardFault('configuration', reference, 'operationId must be a text');
  }
  try {
    const document = await documents.fetch(url, documentHeaders(authorization), { timeoutMs, signal });
    return openapiRequest(findOperation(document, operationId), given);
  } catch (error) {
    if (error instanceof OpenapiArgumentError) {
      throw standardFault('validation', reference, `${operationId} of ${where}: ${error.message}`);
    }
    if (error instanceof OpenapiError) {
      throw standardFault('configuration', reference, `OpenAPI document ${where}: ${error.message}`);
    }
    if (error instanceof DocumentStatusError) throw statusFault(error.reply, reference);
    throw sendFault(error, reference);
  }
}

function documentEndpoint(
  call: PreparedCall,
  reference: string,
): { readonly url: URL; readonly authorization?: Authorization } {
  const { document } = call.arguments;
  const endpoint = isJsonObject(document) ? document.endpoint : undefined;
  return {
    url: endpointUrl(endpoint, reference),
    authorization: call.authorize(isJsonObject(endpoint) ? endpoint.authentication : undefined),
  };
}
