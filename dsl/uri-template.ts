/** URI templates as the language reads them: `{name}` only ("URI Template" in the reference, after RFC 6570). */
import { parseTemplate } from './expressions/index.ts';
import type { Json, JsonObject } from './json.ts';

/** Thrown when a template names a variable whose value cannot stand in a URI: an object or an array. */
export class UriTemplateError extends Error {
  override readonly name = 'UriTemplateError';
}

/**
 * Replaces each `{name}` by the percent-encoded value of that variable. The name is taken verbatim (`{pet.id}` is the
 * variable `pet.id`); a missing variable and null give nothing. Throws {@link UriTemplateError} for objects and arrays.
 */
export function expandUriTemplate(template: string, variables: JsonObject): string {
  return template.replace(/\{([^{}]*)\}/g, (_match, name: string) => {
    const value = Object.hasOwn(variables, name) ? variables[name] : null;
    if (value === null || value === undefined) return '';
    if (typeof value === 'object') {
      const found = Array.isArray(value) ? 'an array' : 'an object';
      throw new UriTemplateError(`"{${name}}" needs a string, number, boolean or null, found ${found}`);
    }
    return percentEncode(String(value));
  });
}

/** Where arguments may hold an endpoint. */
const endpoints = [
  '/endpoint',
  '/document/endpoint',
  '/source/endpoint',
  '/proto/endpoint',
  '/agentCard/endpoint',
  '/server',
  '/transport/http/endpoint',
];

/** What may have an `authentication`: the call itself, its service, and its endpoints. As JSON Pointers into a call's arguments. */
export const authenticatedPlaces: readonly string[] = ['', '/service', ...endpoints];

const authorityUris = [
  'oauth2/authority',
  'oauth2/endpoints/token',
  'oauth2/endpoints/introspection',
  'oauth2/endpoints/revocation',
  'oidc/authority',
];

/** Where a URI template may stand: JSON Pointers into a call's arguments. */
export const uriTemplatePlaces: readonly string[] = [
  ...endpoints.flatMap((endpoint) => [endpoint, `${endpoint}/uri`]),
  ...authenticatedPlaces.flatMap((holder) => authorityUris.map((uri) => `${holder}/authentication/${uri}`)),
];

/** Whether a URI template may stand at this JSON Pointer into a call's arguments. */
export function isUriTemplatePlace(pointer: string): boolean {
  return uriTemplatePlaces.includes(pointer);
}

/**
 * The value of a text that may be a URI template, with `evaluate` for the expressions in it. Only what the definition
 * itself writes is a template: braces in what an expression gives are data. Throws {@link UriTemplateError}.
 */
export function evaluateUriTemplate(
  text: string,
  variables: JsonObject,
  evaluate: (text: string) => Json,
): Json {
  const value = evaluate(expandAroundExpressions(text, variables));
  const isLiteral = value === text && parseTemplate(text).kind === 'literal';
  return isLiteral ? expandUriTemplate(text, variables) : value;
}

/** The text with the template around its expressions expanded, and these as they are; other texts stay as a whole. */
export function expandAroundExpressions(text: string, variables: JsonObject): string {
  const template = parseTemplate(text);
  if (template.kind !== 'interpolation') return text;
  return template.parts
    .map((part) => (typeof part === 'string' ? expandUriTemplate(part, variables) : `\${${part.source}}`))
    .join('');
}

// RFC 6570, 3.2.2: everything but RFC 3986's unreserved characters. A lone surrogate becomes U+FFFD.
function percentEncode(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
