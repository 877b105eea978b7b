import type { Json, JsonObject } from '../../dsl/json.ts';
import { isJsonType, mediaType } from '../http/media-type.ts';
import { OpenapiError } from './openapi-document.ts';
import type { OpenapiBody, OpenapiOperation, OpenapiParameter } from './openapi-operation.ts';
import { headerText, pathText, queryPairs } from './openapi-parameters.ts';

/** Thrown when the arguments do not fit the operation; the message names the parameter. */
export class OpenapiArgumentError extends Error {
  override readonly name = 'OpenapiArgumentError';
}

/** The request that an operation describes, before credentials. */
export interface OpenapiRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: JsonObject;
  /** Encoded later, by the content type. */
  readonly body?: Json;
  readonly contentType?: string;
}

const formType = 'application/x-www-form-urlencoded';

/**
 * Puts the arguments where the operation wants them. Null counts as not given. Those that are no parameter of the
 * operation are its body: the one that is named like the body, or all of them as an object. Throws
 * {@link OpenapiArgumentError} for what is missing or unknown.
 */
export function openapiRequest(operation: OpenapiOperation, given: JsonObject): OpenapiRequest {
  const values = new Map(Object.entries(given).filter(([, value]) => value !== null));
  const present = operation.parameters.flatMap((parameter) => {
    const value = values.get(parameter.name);
    if (value !== undefined) return [{ parameter, value }];
    if (!parameter.required) return [];
    throw new OpenapiArgumentError(`the required parameter "${parameter.name}" (${parameter.in}) is missing`);
  });
  const at = (place: OpenapiParameter['in']): typeof present =>
    present.filter(({ parameter }) => parameter.in === place);
  const pairsAt = (place: OpenapiParameter['in']): string[] =>
    at(place).flatMap(({ parameter, value }) => queryPairs(parameter, value));

  const paths = new Map(
    at('path').map(({ parameter, value }) => [parameter.name, pathText(parameter, value)]),
  );
  const path = operation.path.replace(/\{([^{}]+)\}/g, (_match, name: string) => {
    const text = paths.get(name);
    if (text === undefined) throw new OpenapiError(`the path ${operation.path} has no parameter "${name}"`);
    // An empty or dotted segment would address another path than the operation's.
    if (text === '' || text === '.' || text === '..') {
      throw new OpenapiArgumentError(`the path parameter "${name}" must not be "${text}"`);
    }
    return text;
  });
  const query = pairsAt('query').join('&');
  const headers = Object.fromEntries(
    at('header').map(({ parameter, value }) => [parameter.name, headerText(parameter, value)]),
  );
  const cookies = pairsAt('cookie').join('; ');

  const known = new Set(operation.parameters.map(({ name }) => name));
  const rest = Object.fromEntries([...values].filter(([name]) => !known.has(name)));
  return {
    method: operation.method,
    url: `${operation.server}${path}${query === '' ? '' : `?${query}`}`,
    headers: cookies === '' ? headers : { ...headers, Cookie: cookies },
    ...bodyOf(operation, pairsAt('form'), rest),
  };
}

function bodyOf(
  { body, parameters }: OpenapiOperation,
  form: readonly string[],
  rest: JsonObject,
): Pick<OpenapiRequest, 'body' | 'contentType'> {
  const names = Object.keys(rest);
  if (body === undefined) {
    if (names.length > 0) throw new OpenapiArgumentError(unknownParameters(names, parameters));
    return form.length === 0 ? {} : { body: form.join('&'), contentType: formType };
  }
  if (names.length === 0) {
    if (body.required)
      throw new OpenapiArgumentError(`the required request body ("${body.name}") is missing`);
    return {};
  }
  const whole = names.length === 1 && !body.hasPropertyOfItsName ? rest[body.name] : undefined;
  return { body: whole ?? rest, contentType: bodyType(body) };
}

function unknownParameters(names: readonly string[], parameters: readonly OpenapiParameter[]): string {
  const known = parameters.map(({ name }) => name).join(', ') || 'none';
  return `the operation has no parameter "${names.join('", "')}"; its parameters: ${known}`;
}

/** JSON where the operation takes it, else a form, else the first type that we can send a text as. */
function bodyType({ contentTypes }: OpenapiBody): string {
  const types = contentTypes.length === 0 ? ['application/json'] : contentTypes;
  const exact = types.find((type) => isJsonType(mediaType(type)) && !type.includes('*'));
  if (exact !== undefined) return exact;
  if (types.some((type) => type.startsWith('*/') || type.startsWith('application/*')))
    return 'application/json';
  const sendable =
    types.find((type) => mediaType(type) === formType) ?? types.find((type) => !isMultipart(type));
  if (sendable !== undefined) return sendable;
  throw new OpenapiError(`request bodies of type ${types.join(', ')} are not supported`);
}

function isMultipart(type: string): boolean {
  return mediaType(type).startsWith('multipart/');
}
