/** URIs that name a service instead of a host: `service://name/path`. docs/discovery.md */
import { describeValue } from '../wording.ts';
import { report } from './place.ts';
import type { Rule } from './place.ts';
import { uriTemplate } from './uri-template.ts';

const scheme = /^service(?:\+https)?:/i;
// Expressions and names in braces may stand anywhere; the call checks what they give.
const form = /^service(?:\+https)?:\/\/[^/?#:@]+(?:[/?#].*)?$/i;

/** Whether a value is the URI of a service. */
export function namesService(value: unknown): boolean {
  return typeof value === 'string' && scheme.test(value);
}

/** A URI that `uri` takes and that names a host: for what cannot go to a service. */
export function ofHost(uri: Rule): Rule {
  return (value, place) => {
    if (!namesService(value)) return uri(value, place);
    const message = `"service:" URLs are for HTTP, OpenAPI and A2A calls; expected a URI with a host, found ${describeValue(value)}`;
    report(place, 'unsupported', message);
  };
}

/** A URI that `uri` takes, of a host or a service. */
export function orService(uri: Rule): Rule {
  return (value, place) => {
    if (typeof value !== 'string' || !namesService(value) || form.test(value)) return uri(value, place);
    const message = `expected service://name/path or service+https://name/path, without port, user and password, found ${describeValue(value)}`;
    report(place, 'format', message);
  };
}

/** A URI template that names a host. */
export const uriTemplateOfHost = ofHost(uriTemplate);
