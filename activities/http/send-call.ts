import type { Json } from '../../dsl/json.ts';
import type { HttpArguments, OpenapiArguments } from '../../dsl/types.ts';
import type { CallRequest } from '../../workflows/contract.ts';
import type { Authorization } from '../authentication/authorization.ts';
import { exchange } from './exchange.ts';
import type { CallEnvironment } from './exchange.ts';
import { encodeBody } from './http-body.ts';
import type { EncodedBody } from './http-body.ts';
import { completeHeaders, definedHeaders } from './http-headers.ts';

/** What a call wants sent, before its body is encoded and its headers are complete. */
export interface DescribedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers?: Json;
  /** Encoded as the headers' content type says. */
  readonly body?: Json;
  /** A body that is encoded already. */
  readonly encoded?: EncodedBody;
  readonly authorization?: Authorization;
  readonly timeoutMs: number;
}

/** Completes the request of a call, sends it and gives the call's output. Faults as {@link exchange} does. */
export function sendCall(
  request: CallRequest<HttpArguments | OpenapiArguments>,
  { method, url, headers, body, encoded: given, authorization, timeoutMs }: DescribedRequest,
  environment: CallEnvironment,
): Promise<Json> {
  const { reference, idempotencyKey, maxResponseBytes, idempotent } = request;
  const { output = 'content', redirect = false } = request.with;
  const defined = definedHeaders(headers, reference);
  const encoded = given ?? encodeBody(body, defined['content-type'], reference);
  const typed = encoded === undefined ? defined : { ...defined, 'content-type': encoded.contentType };
  return exchange(
    {
      reference,
      method,
      url,
      headers: completeHeaders(typed, idempotencyKey),
      authorization,
      body: encoded?.bytes,
      output,
      redirect,
      timeoutMs,
      maxResponseBytes,
      isIdempotent: idempotent,
    },
    environment,
  );
}
