import { standardFault } from '../dsl/errors.ts';
import { isJsonObject } from '../dsl/json.ts';
import type { Json } from '../dsl/json.ts';
import type { OpenapiCallRequest } from '../workflows/contract.ts';
import type { Authorization } from './authentication.ts';
import { endpointUrl } from './endpoint.ts';
import { exchange, statusFault } from './exchange.ts';
import type { CallEnvironment } from './exchange.ts';
import { encodeBody } from './http-body.ts';
import { completeHeaders, definedHeaders, documentHeaders } from './http-headers.ts';
import { OpenapiError } from './openapi-document.ts';
import { DocumentStatusError } from './openapi-documents.ts';
import type { OpenapiDocuments } from './openapi-documents.ts';
import { findOperation } from './openapi-operation.ts';
import { OpenapiArgumentError, openapiRequest } from './openapi-request.ts';
import type { OpenapiRequest } from './openapi-request.ts';
import { prepareCall } from './prepare-call.ts';
import type { PreparedCall } from './prepare-call.ts';
import type { CallSecrets } from './secrets.ts';
import { sendFault } from './send-fault.ts';

/** `call: openapi`: finds the operation in its document and sends what it describes ("OpenAPI Call"). */
export async function callOpenapi(
  request: OpenapiCallRequest,
  secrets: CallSecrets,
  documents: OpenapiDocuments,
  environment: CallEnvironment,
): Promise<Json> {
  const { reference, timeoutMs, maxResponseBytes } = request;
  const { redactor, signal } = environment;
  const call = prepareCall(request, {
    secrets,
    redactor,
    policies: ['/authentication', '/document/endpoint/authentication'],
  });
  const startedAt = Date.now();
  const described = await describeRequest(call, request, documents, signal);
  const defined = definedHeaders(described.headers, reference);
  const encoded = encodeBody(described.body, described.contentType, reference);
  return exchange(
    {
      reference,
      method: described.method,
      url: described.url,
      headers: completeHeaders(
        encoded === undefined ? defined : { ...defined, 'content-type': encoded.contentType },
        request.idempotencyKey,
        call.authorization,
      ),
      body: encoded?.bytes,
      output: request.with.output ?? 'content',
      redirect: request.with.redirect ?? false,
      // The document's part of the time is spent.
      timeoutMs: Math.max(1, timeoutMs - (Date.now() - startedAt)),
      maxResponseBytes,
    },
    environment,
  );
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
