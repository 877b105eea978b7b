import { isNativeError } from 'node:util/types';
import { JsonRpcTransport } from '@a2a-js/sdk/client';
import { standardFault, WorkflowFault } from '../../dsl/errors.ts';
import { isJsonObject } from '../../dsl/json.ts';
import type { Json, JsonObject } from '../../dsl/json.ts';
import type { A2aArguments } from '../../dsl/types.ts';
import { HttpSendError } from '../../network/http-send-error.ts';
import { originOf } from '../../network/http-url.ts';
import type { CallRequest } from '../../workflows/contract.ts';
import type { Authorization } from '../authentication/authorization.ts';
import { DocumentStatusError } from '../http/documents.ts';
import { endpointUrl } from '../http/endpoint.ts';
import { statusFault } from '../http/exchange.ts';
import type { CallEnvironment } from '../http/exchange.ts';
import { createGuardedFetch } from '../http/guarded-fetch.ts';
import { requestHeaders } from '../http/http-headers.ts';
import { sendFault } from '../http/send-fault.ts';
import { withinSize } from '../output-size.ts';
import { prepareCall } from '../prepare-call.ts';
import type { PreparedCall } from '../prepare-call.ts';
import type { CallSecrets } from '../secrets/secrets.ts';
import { AgentCardError } from './agent-card.ts';
import type { AgentCards } from './agent-card.ts';
import { AgentStatusError, createAgentFetch } from './agent-fetch.ts';
import { sendToAgent } from './send-to-agent.ts';
import { withMessageDefaults } from './message-defaults.ts';

/**
 * `call: a2a`: sends one request to an agent and gives the JSON-RPC result; of `message/stream` and `tasks/resubscribe`,
 * the list of them ("A2A Call"). An error of JSON-RPC is a `runtime` fault.
 */
export async function callA2a(
  request: CallRequest<A2aArguments>,
  secrets: CallSecrets,
  cards: AgentCards,
  environment: CallEnvironment,
): Promise<Json> {
  const { reference, idempotencyKey, maxResponseBytes } = request;
  const { http, redactor, signal } = environment;
  const call = await prepareCall(request, {
    secrets,
    environment,
    policies: [
      request.with.agentCard === undefined ? '/server/authentication' : '/agentCard/endpoint/authentication',
    ],
  });
  const { method, parameters } = call.arguments;
  if (typeof method !== 'string') throw standardFault('configuration', reference, 'method must be a text');
  const given = parameterObject(parameters, reference);
  const { url, authorization } = await agentOf(call, reference, cards, signal);
  const label = `${method} of ${originOf(url)}${url.pathname}`;
  const fetch = createGuardedFetch(http, {
    authorization,
    headers: { ...requestHeaders, 'idempotency-key': idempotencyKey },
    maxResponseBytes,
    timeoutMs: () => call.remainingMs(),
    signal,
  });
  const transport = new JsonRpcTransport({
    endpoint: url.href,
    fetchImpl: createAgentFetch(fetch) as typeof globalThis.fetch,
  });
  const params = method.startsWith('message/') ? withMessageDefaults(given, idempotencyKey) : given;
  try {
    const result = await sendToAgent(transport, method, params);
    return withinSize(redactor.json(result), `the result of ${label}`, reference, maxResponseBytes);
  } catch (error) {
    signal.throwIfAborted();
    throw agentFault(error, { label, url, reference, authorization });
  }
}

/** Where the agent is, and what it may see: what its card was fetched with goes to no other server than the card's. */
async function agentOf(
  call: PreparedCall,
  reference: string,
  cards: AgentCards,
  signal: AbortSignal,
): Promise<{ readonly url: URL; readonly authorization: Authorization | undefined }> {
  const { agentCard, server } = call.arguments;
  const { authorization } = call;
  if (!isJsonObject(agentCard))
    return { url: endpointUrl(server, reference, { orService: true }), authorization };
  const cardUrl = endpointUrl(agentCard.endpoint, reference, { orService: true });
  try {
    const { url } = await cards.fetch(cardUrl, authorization, { timeoutMs: call.remainingMs(), signal });
    return { url, authorization: originOf(url) === originOf(cardUrl) ? authorization : undefined };
  } catch (error) {
    if (error instanceof DocumentStatusError) throw statusFault(error.reply, reference, authorization);
    if (!(error instanceof AgentCardError)) throw sendFault(error, reference);
    const detail = `agent card ${originOf(cardUrl)}${cardUrl.pathname}: ${error.message}`;
    throw standardFault('configuration', reference, detail, { cause: error });
  }
}

interface FailedCall {
  readonly label: string;
  readonly url: URL;
  readonly reference: string;
  readonly authorization: Authorization | undefined;
}

function agentFault(error: unknown, { label, url, reference, authorization }: FailedCall): unknown {
  if (error instanceof WorkflowFault) return error;
  if (error instanceof HttpSendError) return sendFault(error, reference, 'limits.payloadBytes');
  if (error instanceof AgentStatusError) {
    const reply = { status: error.status, method: 'POST', url: url.href, headers: {}, body: Buffer.alloc(0) };
    return statusFault(reply, reference, authorization);
  }
  const message = isNativeError(error) ? error.message : String(error);
  return standardFault('runtime', reference, `${label} failed: ${message}`, {
    title: 'A2A Error',
    cause: error,
  });
}

function parameterObject(parameters: Json | undefined, reference: string): JsonObject {
  if (parameters === undefined || parameters === null) return {};
  if (isJsonObject(parameters)) return parameters;
  throw standardFault('configuration', reference, 'parameters must be an object');
}
