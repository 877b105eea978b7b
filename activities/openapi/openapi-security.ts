import { isJsonObject } from '../../dsl/json.ts';
import type { Json, JsonObject } from '../../dsl/json.ts';
import type { OpenapiDocument } from './openapi-document.ts';

/** Where an operation wants its API key. */
export interface ApiKeyPlace {
  readonly in: 'header' | 'query' | 'cookie';
  readonly name: string;
}

/**
 * Where the API key goes when every way in that the operation names is an API key ("Security Requirement Object"). The
 * language has no policy for API keys, and its bearer policy holds one; all other schemes are sent in `Authorization`.
 */
export function apiKeyPlace(document: OpenapiDocument, operation: JsonObject): ApiKeyPlace | undefined {
  const required = operation.security ?? document.root.security;
  const alternatives = Array.isArray(required) ? (required as readonly Json[]) : [];
  const places = alternatives.filter(isJsonObject).map((alternative) => {
    const [name, ...others] = Object.keys(alternative);
    return name === undefined || others.length > 0 ? undefined : placeOf(schemeNamed(document, name));
  });
  return places.includes(undefined) ? undefined : places[0];
}

function schemeNamed({ version, root }: OpenapiDocument, name: string): Json | undefined {
  const components = isJsonObject(root.components) ? root.components : {};
  const schemes = version === '2.0' ? root.securityDefinitions : components.securitySchemes;
  return isJsonObject(schemes) && Object.hasOwn(schemes, name) ? schemes[name] : undefined;
}

function placeOf(scheme: Json | undefined): ApiKeyPlace | undefined {
  if (!isJsonObject(scheme) || scheme.type !== 'apiKey' || typeof scheme.name !== 'string') return undefined;
  const { in: place, name } = scheme;
  return place === 'header' || place === 'query' || place === 'cookie' ? { in: place, name } : undefined;
}
