import { standardFault } from '../../dsl/errors.ts';
import { isJsonObject } from '../../dsl/json.ts';
import type { Json } from '../../dsl/json.ts';
import { cutOff } from '../../network/http-url.ts';
import { isServiceUrl, parseServiceUrl } from '../../network/services/service-url.ts';
import { sendFault } from './send-fault.ts';

/**
 * The absolute URL of an endpoint, a text or an object with `uri`. Faults with `configuration` for what is no http or
 * https URL, nor, where it may be one, a service's.
 */
export function endpointUrl(
  endpoint: Json | undefined,
  reference: string,
  { orService = false }: { readonly orService?: boolean } = {},
): URL {
  const text = isJsonObject(endpoint) ? endpoint.uri : endpoint;
  if (typeof text !== 'string') throw standardFault('configuration', reference, 'the endpoint has no URI');
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  if (url !== undefined && isServiceUrl(text)) {
    if (orService) return serviceUrl(url, reference);
    const detail = `${url.protocol} URLs are for HTTP, OpenAPI and A2A calls; here the endpoint has to be an absolute http or https URL`;
    throw standardFault('configuration', reference, detail);
  }
  const shown = cutOff(text.split('?')[0] ?? '', 200);
  throw standardFault(
    'configuration',
    reference,
    `the endpoint "${shown}" is not an absolute http or https URL`,
  );
}

function serviceUrl(url: URL, reference: string): URL {
  try {
    parseServiceUrl(url.href);
  } catch (error) {
    throw sendFault(error, reference);
  }
  return url;
}

/** The URL with a query string after what its own query has, which stays as it is written. */
export function withQuery(url: URL, query: string): string {
  if (query === '') return url.href;
  const result = new URL(url);
  result.search = url.search.length > 1 ? `${url.search}&${query}` : query;
  return result.href;
}
