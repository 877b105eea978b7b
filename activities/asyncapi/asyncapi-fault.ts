import { STATUS_CODES } from 'node:http';
import { isNativeError } from 'node:util/types';
import { standardFault, WorkflowFault } from '../../dsl/errors.ts';
import { fromTransportError, HttpSendError } from '../../network/http-send-error.ts';
import { sendFault } from '../http/send-fault.ts';
import { AsyncapiError } from './asyncapi-document.ts';
import type { Target } from './transport.ts';
import { HttpAnswerError } from './transports/http-answer-error.ts';

/**
 * The definition's error for what failed at a server: `configuration` for what the document or the protocol does not
 * allow, `authentication` and `communication` with the status that HTTP gives or comes closest.
 */
export function transportFault(
  error: unknown,
  { server, address, authorization }: Target,
  reference: string,
): unknown {
  if (error instanceof WorkflowFault) return error;
  const where = `${address} at ${server.protocol}://${server.host}:${server.port}`;
  if (error instanceof AsyncapiError) {
    return standardFault('configuration', reference, `${where}: ${error.message}`, { cause: error });
  }
  if (error instanceof HttpAnswerError) {
    const { status } = error;
    const isRefused = status === 401 && authorization !== undefined;
    const kind = isRefused ? 'authentication' : 'communication';
    const title = STATUS_CODES[status] ?? `HTTP status ${status}`;
    return standardFault(kind, reference, `${where}: ${error.message}`, { status, title, cause: error });
  }
  return sendFault(refusalIn(error) ?? fromTransportError(error, where), reference, 'limits.payloadBytes');
}

/** Clients wrap what their sockets say. */
function refusalIn(error: unknown): HttpSendError | undefined {
  if (error instanceof HttpSendError) return error;
  if (!isNativeError(error)) return undefined;
  return refusalIn(error.cause) ?? ('originalError' in error ? refusalIn(error.originalError) : undefined);
}
