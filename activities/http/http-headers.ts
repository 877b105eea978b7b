import { standardFault } from '../../dsl/errors.ts';
import { isJsonObject } from '../../dsl/json.ts';
import type { Json } from '../../dsl/json.ts';
import { runtimeVersion } from '../../workflows/contract.ts';

/** Headers of a request, by name in lower case. */
export type RequestHeaders = Record<string, string>;

/** Headers that describe the connection or the message: the sender sets them, or must not send them. */
const notForDefinitions = new Set([
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * The headers that a definition gives as an object: texts, numbers and booleans; null leaves the header out and an
 * array is joined by commas. Faults with `configuration` for anything else.
 */
export function definedHeaders(headers: Json | undefined, reference: string): RequestHeaders {
  if (headers === undefined || headers === null) return {};
  const fault = (detail: string): Error => standardFault('configuration', reference, detail);
  if (!isJsonObject(headers)) throw fault('headers must be an object');
  const result: RequestHeaders = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === null) continue;
    if (notForDefinitions.has(name.toLowerCase()))
      throw fault(`the header ${name} cannot be set by a definition`);
    const values = Array.isArray(value) ? (value as readonly Json[]) : [value];
    if (values.some((item) => typeof item === 'object')) throw fault(`the header ${name} must be a text`);
    result[name.toLowerCase()] = values.map(String).join(', ');
  }
  return result;
}

const userAgent = `perdure/${runtimeVersion}`;

/** What a request says whose other headers a library makes. */
export const requestHeaders: Readonly<RequestHeaders> = {
  'accept-encoding': 'identity',
  'user-agent': userAgent,
};

/** What every call says unless its definition says it: who we are, and the key that marks repetitions of this call. */
export function completeHeaders(headers: RequestHeaders, idempotencyKey: string): RequestHeaders {
  return {
    accept: '*/*',
    ...requestHeaders,
    'idempotency-key': idempotencyKey,
    ...headers,
  };
}

/** The headers of a request for a document that describes what to call. */
export const documentHeaders: Readonly<RequestHeaders> = {
  accept: 'application/json, application/yaml;q=0.9, */*;q=0.5',
  'accept-encoding': 'gzip',
  'user-agent': userAgent,
};
