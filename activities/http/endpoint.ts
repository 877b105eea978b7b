import { standardFault } from '../../dsl/errors.ts';
import { isJsonObject } from '../../dsl/json.ts';
import type { Json } from '../../dsl/json.ts';
import { cutOff } from '../../network/http-url.ts';

/**
 * The absolute URL of an endpoint, a text or an object with `uri`. Faults with `configuration` for what is no http or
 * https URL.
 */
export function endpointUrl(endpoint: Json | undefined, reference: string): URL {
  const text = isJsonObject(endpoint) ? endpoint.uri : endpoint;
  if (typeof text !== 'string') throw standardFault('configuration', reference, 'the endpoint has no URI');
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  const shown = cutOff(text.split('?')[0] ?? '', 200);
  throw standardFault(
    'configuration',
    reference,
    `the endpoint "${shown}" is not an absolute http or https URL`,
  );
}

/** The URL with a query string after what its own query has, which stays as it is written. */
export function withQuery(url: URL, query: string): string {
  if (query === '') return url.href;
  const result = new URL(url);
  result.search = url.search.length > 1 ? `${url.search}&${query}` : query;
  return result.href;
}
