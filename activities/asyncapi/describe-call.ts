import { standardFault } from '../../dsl/errors.ts';
import { isJsonObject } from '../../dsl/json.ts';
import type { Json } from '../../dsl/json.ts';
import { statusFault } from '../http/exchange.ts';
import { DocumentStatusError } from '../http/documents.ts';
import type { Documents } from '../http/documents.ts';
import { endpointUrl } from '../http/endpoint.ts';
import { sendFault } from '../http/send-fault.ts';
import type { PreparedCall } from '../prepare-call.ts';
import { AsyncapiError, bindingsOf } from './asyncapi-document.ts';
import type { AsyncapiDocument } from './asyncapi-document.ts';
import { findOperation } from './asyncapi-operation.ts';
import type { ChannelOperation, Purpose } from './asyncapi-operation.ts';
import { selectServer } from './asyncapi-server.ts';
import { channelAddress } from './channel-address.ts';
import type { MessageDescription } from './message-description.ts';
import type { Target, Transport } from './transport.ts';
import { transports } from './transports/index.ts';

/** A call with everything that its document says about it. */
export interface DescribedCall {
  readonly target: Target;
  readonly transport: Transport;
  readonly messages: readonly MessageDescription[];
}

export interface CallDescription {
  readonly reference: string;
  readonly idempotencyKey: string;
  readonly purpose: Purpose;
  /** What is published: parameters of the address may be in it. */
  readonly message?: { readonly headers?: Json; readonly payload?: Json };
  readonly documents: Documents<AsyncapiDocument>;
  readonly signal: AbortSignal;
}

/**
 * Reads the document of a call and finds operation, server and transport. Faults with `configuration` where the document
 * has not what the call names, and as fetching does.
 */
export async function describeCall(call: PreparedCall, description: CallDescription): Promise<DescribedCall> {
  const { reference, documents, signal } = description;
  const { document: resource } = call.arguments;
  const endpoint = isJsonObject(resource) ? resource.endpoint : undefined;
  const url = endpointUrl(endpoint, reference);
  const authorization = await call.authorize(isJsonObject(endpoint) ? endpoint.authentication : undefined);
  try {
    const document = await documents.fetch(url, authorization, { timeoutMs: call.remainingMs(), signal });
    return await describe(document, call, description);
  } catch (error) {
    if (error instanceof AsyncapiError) {
      const where = `${url.origin}${url.pathname}`;
      throw standardFault('configuration', reference, `AsyncAPI document ${where}: ${error.message}`);
    }
    if (error instanceof DocumentStatusError) throw statusFault(error.reply, reference, authorization);
    throw sendFault(error, reference);
  }
}

async function describe(
  document: AsyncapiDocument,
  call: PreparedCall,
  { purpose, message = {}, idempotencyKey }: CallDescription,
): Promise<DescribedCall> {
  const { operation: named, channel, server: wanted, protocol } = call.arguments;
  const operation = findOperation(document, { operation: named, channel }, purpose);
  const server = selectServer(document, operation, { ...(isJsonObject(wanted) ? wanted : {}), protocol });
  const transport = await transports[server.protocol]();
  const wildcard = purpose === 'subscribe' ? transport.wildcard : undefined;
  const bindings = (node: ChannelOperation['channel']) => bindingsOf(document, node, server.protocol);
  return {
    transport,
    messages: operation.messages,
    target: {
      server,
      address: channelAddress(operation, message, wildcard),
      bindings: {
        server: bindings(server.node),
        channel: bindings(operation.channel),
        operation: bindings(operation.operation),
        message: bindings(operation.message),
      },
      authorization: call.authorization,
      key: idempotencyKey,
    },
  };
}
