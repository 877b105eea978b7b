import type { Json } from '../../dsl/json.ts';
import { AsyncapiError } from './asyncapi-document.ts';
import type { ChannelOperation } from './asyncapi-operation.ts';
import { isJsonObject } from '../../dsl/json.ts';
import { valueAt } from './message-description.ts';

/**
 * The channel's address with its parameters filled in: from the name that the definition gave, from where the document
 * says that it is in the message (`location`), from its default or only value. In a subscription `wildcard` stands for
 * what is still open, where the protocol has one. Throws AsyncapiError where a parameter has no value.
 */
export function channelAddress(
  { address, parameters, given }: ChannelOperation,
  message: { readonly headers?: Json; readonly payload?: Json },
  wildcard: string | undefined,
): string {
  return address.replace(/\{([^{}]+)\}/g, (_match, name: string) => {
    const parameter = parameters.get(name) ?? {};
    // In AsyncAPI 2 the values are those of a schema.
    const schema = isJsonObject(parameter.schema) ? parameter.schema : {};
    const location = typeof parameter.location === 'string' ? parameter.location : undefined;
    const values = parameter.enum ?? schema.enum;
    const only = Array.isArray(values) && values.length === 1 ? (values as readonly Json[])[0] : undefined;
    const value =
      given[name] ??
      valueAt(location, message) ??
      parameter.default ??
      schema.default ??
      schema.const ??
      only;
    if (typeof value === 'string' || typeof value === 'number') return String(value);
    if (wildcard !== undefined) return wildcard;
    throw new AsyncapiError(
      `the parameter {${name}} of the channel "${address}" has no value: neither a default nor one in the message`,
    );
  });
}
