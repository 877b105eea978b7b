import type { MessageSendParams, TaskIdParams } from '@a2a-js/sdk';
import type { JsonRpcTransport } from '@a2a-js/sdk/client';
import { isJsonObject } from '../../dsl/json.ts';
import type { Json, JsonObject } from '../../dsl/json.ts';

/** The methods whose results are a stream. */
type StreamingMethod = 'sendMessageStream' | 'resubscribeTask';
const streaming: Readonly<Record<string, StreamingMethod>> = {
  'message/stream': 'sendMessageStream',
  'tasks/resubscribe': 'resubscribeTask',
};

/**
 * Sends one request and gives its result, of a stream all of them in order. Rejects with the SDK's error for an error of
 * JSON-RPC, and with what its `fetch` rejects with.
 */
export async function sendToAgent(
  transport: JsonRpcTransport,
  method: string,
  params: JsonObject,
): Promise<Json> {
  const name = Object.hasOwn(streaming, method) ? streaming[method] : undefined;
  if (name === undefined) {
    // One way for all methods: the SDK has none for tasks/list, and the results are handed on as they are.
    const answer: unknown = await transport.callExtensionMethod(method, params, 1);
    const result = isJsonObject(answer) ? answer.result : undefined;
    return result ?? null;
  }
  const results: Json[] = [];
  // What goes into the request is for the agent to judge, and what comes out of it for the definition.
  const stream = transport[name](params as object as MessageSendParams & TaskIdParams);
  for await (const result of stream) results.push(result as object as JsonObject);
  return results;
}
