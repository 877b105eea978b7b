import { standardFault } from '../../dsl/errors.ts';
import { isJsonObject } from '../../dsl/json.ts';
import type { Json } from '../../dsl/json.ts';
import { DocumentStatusError } from '../http/documents.ts';
import { endpointUrl } from '../http/endpoint.ts';
import { statusFault } from '../http/exchange.ts';
import { sendFault } from '../http/send-fault.ts';
import type { PreparedCall } from '../prepare-call.ts';
import { findMethod } from './find-method.ts';
import type { GrpcMethod } from './find-method.ts';
import { ProtoError } from './proto-error.ts';
import type { Protos } from './protos.ts';

/** Where the policy for fetching the proto file stands in the arguments. */
export const protoPolicy = '/proto/endpoint/authentication';

/** The method that a call names, out of its proto file. Faults with `configuration` where file or method are unusable. */
export async function declaredMethod(
  call: PreparedCall,
  reference: string,
  protos: Protos,
  signal: AbortSignal,
): Promise<GrpcMethod> {
  const { proto, service, method } = call.arguments;
  const endpoint = isJsonObject(proto) ? proto.endpoint : undefined;
  const name = isJsonObject(service) ? service.name : undefined;
  if (typeof name !== 'string' || typeof method !== 'string') {
    throw standardFault('configuration', reference, 'service.name and method must be texts');
  }
  const url = protoUrl(endpoint, reference);
  const authorization = await call.authorize(isJsonObject(endpoint) ? endpoint.authentication : undefined);
  try {
    const root = await protos.fetch(url, authorization, { timeoutMs: call.remainingMs(), signal });
    return findMethod(root, name, method);
  } catch (error) {
    if (error instanceof ProtoError) {
      const where = url.protocol === 'file:' ? url.href : `${url.origin}${url.pathname}`;
      throw standardFault('configuration', reference, `proto ${where}: ${error.message}`, { cause: error });
    }
    if (error instanceof DocumentStatusError) throw statusFault(error.reply, reference, authorization);
    throw sendFault(error, reference);
  }
}

function protoUrl(endpoint: Json | undefined, reference: string): URL {
  const text = isJsonObject(endpoint) ? endpoint.uri : endpoint;
  if (typeof text === 'string' && /^file:/i.test(text) && URL.canParse(text)) return new URL(text);
  return endpointUrl(endpoint, reference);
}
