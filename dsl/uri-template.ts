/** URI templates as the language reads them: `{name}` only ("URI Template" in the reference, after RFC 6570). */
import type { JsonObject } from './json.ts';

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

// RFC 6570, 3.2.2: everything but RFC 3986's unreserved characters. A lone surrogate becomes U+FFFD.
function percentEncode(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
