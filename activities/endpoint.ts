import { standardFault } from '../dsl/errors.ts';
import { isJsonObject } from '../dsl/json.ts';
import type { Json, JsonObject } from '../dsl/json.ts';
import { expandUriTemplate, UriTemplateError } from '../dsl/uri-template.ts';

/**
 * The absolute URL of an endpoint, a text or an object with `uri`, its template expanded ("URI Template"). Faults with
 * `expression` for a variable that cannot stand in a URI and with `configuration` for what is no http or https URL.
 */
export function endpointUrl(endpoint: Json | undefined, variables: JsonObject, reference: string): URL {
  const template = isJsonObject(endpoint) ? endpoint.uri : endpoint;
  if (typeof template !== 'string')
    throw standardFault('configuration', reference, 'the endpoint has no URI');
  const text = expand(template, variables, reference);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  const shown = text.split('?')[0]?.slice(0, 200) ?? '';
  throw standardFault(
    'configuration',
    reference,
    `the endpoint "${shown}" is not an absolute http or https URL`,
  );
}

function expand(template: string, variables: JsonObject, reference: string): string {
  try {
    return expandUriTemplate(template, variables);
  } catch (error) {
    if (!(error instanceof UriTemplateError)) throw error;
    throw standardFault('expression', reference, error.message, { cause: error });
  }
}

/** The URL with a query string after what its own query has, which stays as it is written. */
export function withQuery(url: URL, query: string): string {
  if (query === '') return url.href;
  const result = new URL(url);
  result.search = url.search.length > 1 ? `${url.search}&${query}` : query;
  return result.href;
}
