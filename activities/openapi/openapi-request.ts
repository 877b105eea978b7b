import type { Json, JsonObject } from '../../dsl/json.ts';
import type { EncodedBody } from '../http/http-body.ts';
import type { OpenapiParameter } from './describe-parameter.ts';
import { formBody, openapiBody } from './openapi-body.ts';
import { OpenapiArgumentError, OpenapiError } from './openapi-error.ts';
import type { OpenapiOperation } from './openapi-operation.ts';
import { headerText, pathText, queryPairs } from './openapi-parameters.ts';
import type { ApiKeyPlace } from './openapi-security.ts';

/** The request that an operation describes, before credentials. */
export interface OpenapiRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: JsonObject;
  readonly body?: EncodedBody;
  readonly apiKey?: ApiKeyPlace;
}

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
    body: bodyOf(operation, at('form'), rest),
    apiKey: operation.apiKey,
  };
}

function bodyOf(
  { body, parameters }: OpenapiOperation,
  form: readonly { readonly parameter: OpenapiParameter; readonly value: Json }[],
  rest: JsonObject,
): EncodedBody | undefined {
  const names = Object.keys(rest);
  const isForm = parameters.some((parameter) => parameter.in === 'form');
  if (body === undefined || isForm) {
    if (names.length > 0) throw new OpenapiArgumentError(unknownParameters(names, parameters));
    return body === undefined || form.length === 0 ? undefined : formBody(body, form);
  }
  if (names.length === 0) {
    if (!body.required) return undefined;
    throw new OpenapiArgumentError(`the required request body ("${body.name}") is missing`);
  }
  const whole = names.length === 1 && !body.hasPropertyOfItsName ? rest[body.name] : undefined;
  return openapiBody(body, whole ?? rest);
}

function unknownParameters(names: readonly string[], parameters: readonly OpenapiParameter[]): string {
  const known = parameters.map(({ name }) => name).join(', ') || 'none';
  return `the operation has no parameter "${names.join('", "')}"; its parameters: ${known}`;
}
