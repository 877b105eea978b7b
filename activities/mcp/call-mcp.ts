import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { isInitializeRequest, ResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { standardFault } from '../../dsl/errors.ts';
import { isJsonObject } from '../../dsl/json.ts';
import type { Json, JsonObject } from '../../dsl/json.ts';
import type { McpArguments } from '../../dsl/types.ts';
import { runtimeVersion } from '../../workflows/contract.ts';
import type { CallRequest } from '../../workflows/contract.ts';
import type { CallEnvironment } from '../http/exchange.ts';
import { withinSize } from '../output-size.ts';
import { prepareCall } from '../prepare-call.ts';
import type { Processes } from '../run/process-environment.ts';
import type { CallSecrets } from '../secrets/secrets.ts';
import { callTimeoutMs } from './call-timeout.ts';
import { mcpFault, toolFault } from './mcp-fault.ts';
import { openTransport } from './open-transport.ts';

/** The version that a call asks for when it names none ("MCP Call", `protocolVersion`). */
const defaultProtocolVersion = '2025-06-18';

/** How long a server may take to end a session. */
const endingMs = 2_000;

/**
 * `call: mcp`: opens a session, sends the one request and gives its result ("MCP Call"). A JSON-RPC error, and a tool
 * that reports one, are `runtime` faults.
 */
export async function callMcp(
  request: CallRequest<McpArguments>,
  secrets: CallSecrets,
  processes: Processes | undefined,
  environment: CallEnvironment,
): Promise<Json> {
  const { reference, maxResponseBytes } = request;
  const { redactor, signal } = environment;
  const call = await prepareCall(request, {
    secrets,
    environment,
    policies: ['/transport/http/endpoint/authentication'],
  });
  const { method, parameters, protocolVersion = defaultProtocolVersion } = call.arguments;
  if (typeof method !== 'string' || typeof protocolVersion !== 'string') {
    throw standardFault('configuration', reference, 'method and protocolVersion must be texts');
  }
  const timeoutMs = Math.min(callTimeoutMs(call.arguments.timeout, reference), call.remainingMs());
  const until = Date.now() + timeoutMs;
  let isOver = false;
  // What ends the session is sent although the time is over, or the call cancelled.
  const remainingMs = (): number => (isOver ? endingMs : Math.max(1, until - Date.now()));
  const params = parameterObject(parameters, reference);
  const broken = Promise.withResolvers<never>();
  broken.promise.catch(() => undefined);
  const { transport, server, url, end } = await openTransport(call, {
    request,
    method,
    processes,
    environment,
    // The SDK's own clock is the first to end, and names the call.
    exchangeMs: () => remainingMs() + 1_000,
    failed: broken.reject,
  });
  const label = `${method} of ${server}`;
  const client = new Client(clientInfo(call.arguments.client));
  try {
    const exchange = async (): Promise<JsonObject> => {
      await client.connect(askingFor(protocolVersion, transport), { timeout: remainingMs(), signal });
      const options = { timeout: remainingMs(), signal };
      return (await client.request({ method, params }, ResultSchema, options)) as JsonObject;
    };
    const result = await Promise.race([exchange(), broken.promise]);
    if (method === 'tools/call' && result.isError === true) throw toolFault(result, label, reference);
    return withinSize(redactor.json(result), `the result of ${label}`, reference, maxResponseBytes);
  } catch (error) {
    signal.throwIfAborted();
    throw mcpFault(error, { label, reference, timeoutMs, url, authorization: call.authorization });
  } finally {
    isOver = true;
    await end();
  }
}

/** The SDK always asks for the newest version that it knows. */
function askingFor(protocolVersion: string, transport: Transport): Transport {
  const send = transport.send.bind(transport);
  transport.send = (message, options) => {
    if (!isInitializeRequest(message)) return send(message, options);
    return send({ ...message, params: { ...message.params, protocolVersion } }, options);
  };
  return transport;
}

function clientInfo(client: Json | undefined): { name: string; version: string } {
  const { name, version } = isJsonObject(client) ? client : {};
  return {
    name: typeof name === 'string' ? name : 'perdure',
    version: typeof version === 'string' ? version : runtimeVersion,
  };
}

function parameterObject(parameters: Json | undefined, reference: string): JsonObject {
  if (parameters === undefined || parameters === null) return {};
  if (isJsonObject(parameters)) return parameters;
  throw standardFault('configuration', reference, 'parameters must be an object');
}
