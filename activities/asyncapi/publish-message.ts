import { standardFault } from '../../dsl/errors.ts';
import { isJsonObject } from '../../dsl/json.ts';
import type { Json } from '../../dsl/json.ts';
import type { AsyncapiCallRequest } from '../../workflows/contract.ts';
import type { Documents } from '../http/documents.ts';
import type { CallEnvironment } from '../http/exchange.ts';
import { definedHeaders } from '../http/http-headers.ts';
import { prepareCall } from '../prepare-call.ts';
import type { CallSecrets } from '../secrets/secrets.ts';
import type { AsyncapiDocument } from './asyncapi-document.ts';
import { transportFault } from './asyncapi-fault.ts';
import { describeCall } from './describe-call.ts';
import { encodePayload } from './message-content.ts';
import { valueAt } from './message-description.ts';
import { within } from './within.ts';

/** `call: asyncapi` with `message`: publishes it and gives it as it went out ("AsyncAPI Outbound Message"). */
export async function publishMessage(
  request: AsyncapiCallRequest,
  secrets: CallSecrets,
  documents: Documents<AsyncapiDocument>,
  { http, tokens, redactor, signal }: CallEnvironment,
): Promise<Json> {
  const { reference, idempotencyKey, maxResponseBytes } = request;
  const call = await prepareCall(request, {
    secrets,
    environment: { redactor, tokens, signal },
    policies: ['/authentication', '/document/endpoint/authentication'],
  });
  const { message } = call.arguments;
  if (!isJsonObject(message)) throw standardFault('configuration', reference, 'message must be an object');
  const { payload } = message;
  const headers = definedHeaders(message.headers, reference);
  const { target, transport, messages } = await describeCall(call, {
    reference,
    idempotencyKey,
    purpose: 'publish',
    message,
    documents,
    signal,
  });
  const correlationId = messages
    .map(({ correlationLocation }) => valueAt(correlationLocation, { headers, payload }))
    .find((found) => found !== undefined);
  const content = encodePayload(payload, headers['content-type'] ?? messages[0]?.contentType);
  const outbound = { ...content, headers, correlationId, idempotencyKey };
  const timeoutMs = call.remainingMs();
  const context = { http, signal, timeoutMs, maxMessageBytes: maxResponseBytes };
  try {
    const published = transport.publish(target, outbound, context);
    await within(published, timeoutMs, 'the server did not confirm the message');
  } catch (error) {
    signal.throwIfAborted();
    throw transportFault(error, target, reference);
  }
  return redactor.json({
    ...(payload === undefined ? {} : { payload }),
    headers,
    ...(correlationId === undefined ? {} : { correlationId }),
  });
}
