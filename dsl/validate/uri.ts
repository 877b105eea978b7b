/** URI templates, endpoints and external resources ("URI Template", "Endpoint", "External Resource"). */
import { describeValue } from '../wording.ts';
import { authentication } from './authentication.ts';
import { withSecrets } from './expression-scope.ts';
import { isMarkedExpression, templateText } from './expressions.ts';
import { report, seeing } from './place.ts';
import type { Rule } from './place.ts';
import { object, text, textOrObject } from './rules.ts';
import { namesService, ofHost, orService } from './service-uri.ts';
import { literalUri, uriTemplate } from './uri-template.ts';

/** A URI template, or an expression in `${ }` that gives a URI. */
export const uriOrExpression: Rule = (value, place) => {
  if (typeof value === 'string' && isMarkedExpression(value)) templateText(value, place);
  else uriTemplate(value, place);
};

const uriOfHost = ofHost(uriOrExpression);
const uriOfHostOrService = orService(uriOrExpression);

/** Where a call goes to: a URI, alone or with a way to authenticate. */
function endpointOf(uri: Rule): Rule {
  return textOrObject(
    'a URI, an expression or an object with "uri"',
    uri,
    object({
      title: 'an endpoint',
      required: ['uri'],
      fields: {
        uri,
        authentication: (value, place) => authentication(value, seeing(place, withSecrets(place.scope))),
      },
    }),
  );
}

function resourceAt(endpointRule: Rule): Rule {
  return object({
    title: 'an external resource',
    required: ['endpoint'],
    fields: { name: text(), endpoint: endpointRule },
  });
}

/** Where a call goes to. */
export const endpoint = endpointOf(uriOfHost);

/** Where a call goes to that may name a service: docs/discovery.md. */
export const endpointOrService = endpointOf(uriOfHostOrService);

/** A document that a task fetches. */
export const externalResource = resourceAt(endpoint);

/** A document that a task fetches, from a host or a service. */
export const resourceOrService = resourceAt(endpointOrService);

const fixedUri: Rule = (value, place) => {
  if (typeof value === 'string' && /[{}]/.test(value)) {
    const message = `expected a URI without expressions and {names}, since it is read when the definition is deployed; found ${describeValue(value)}`;
    report(place, 'value', message);
  } else if (namesService(value)) {
    const message =
      '"service:" URLs are for calls; what is read when the definition is deployed needs a URI with a host';
    report(place, 'unsupported', message);
  } else literalUri(value, place);
};

/** Where something stands that is read when the definition is deployed: no data is there for an expression. */
export const fixedEndpoint = endpointOf(fixedUri);

/** A document that is fetched when the definition is deployed. */
export const fixedResource = resourceAt(fixedEndpoint);
