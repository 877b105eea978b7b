import { standardFault } from '../../dsl/errors.ts';
import { isJsonObject } from '../../dsl/json.ts';
import type { Json, JsonObject } from '../../dsl/json.ts';
import type { McpArguments } from '../../dsl/types.ts';
import type { CallRequest } from '../../workflows/contract.ts';
import { endpointUrl } from '../http/endpoint.ts';
import type { CallEnvironment } from '../http/exchange.ts';
import { createGuardedFetch } from '../http/guarded-fetch.ts';
import { definedHeaders, requestHeaders } from '../http/http-headers.ts';
import type { PreparedCall } from '../prepare-call.ts';
import { processArguments, requiredText } from '../run/process-arguments.ts';
import { requireSwitch } from '../run/process-environment.ts';
import type { Processes } from '../run/process-environment.ts';
import { openHttpTransport } from './http-transport.ts';
import type { McpTransport } from './http-transport.ts';
import { openStdioTransport } from './stdio-transport.ts';

export interface TransportOptions {
  readonly request: CallRequest<McpArguments>;
  readonly method: string;
  readonly processes: Processes | undefined;
  readonly environment: CallEnvironment;
  /** What one exchange over HTTP may take. */
  readonly exchangeMs: () => number;
  /** Learns of a reply that breaks off and of a program that ends: the SDK keeps both to itself. */
  readonly failed: (error: unknown) => void;
}

/** A transport, and the server that it leads to. */
export interface OpenTransport extends McpTransport {
  /** For people: the program, or host and path. */
  readonly server: string;
  readonly url?: URL;
}

/** Opens the transport that the call names ("MCP Transport"). `options` of the reference are for none of the two. */
export function openTransport(call: PreparedCall, options: TransportOptions): Promise<OpenTransport> {
  const { reference } = options.request;
  const { transport } = call.arguments;
  const { http, stdio } = isJsonObject(transport) ? transport : {};
  if (isJsonObject(http)) return Promise.resolve(httpTransport(http, call, options));
  if (isJsonObject(stdio)) return stdioTransport(stdio, options);
  throw standardFault('configuration', reference, 'transport needs http or stdio');
}

function httpTransport(
  described: JsonObject,
  { authorization }: PreparedCall,
  { request, method, environment, exchangeMs, failed }: TransportOptions,
): OpenTransport {
  const { reference, idempotencyKey, maxResponseBytes } = request;
  const url = endpointUrl(described.endpoint, reference);
  const fetch = createGuardedFetch(environment.http, {
    authorization,
    headers: { ...requestHeaders, ...definedHeaders(described.headers, reference) },
    maxResponseBytes,
    timeoutMs: exchangeMs,
    failed,
  });
  return {
    ...openHttpTransport({ url, fetch, method, idempotencyKey }),
    server: `${url.origin}${url.pathname}`,
    url,
  };
}

async function stdioTransport(
  described: JsonObject,
  { request, processes, failed }: TransportOptions,
): Promise<OpenTransport> {
  const { reference, maxResponseBytes } = request;
  requireSwitch(processes, 'mcpStdio', reference);
  const command = requiredText(described, 'command', reference);
  const { arguments: args, environment } = processArguments(
    described satisfies Record<string, Json>,
    reference,
  );
  const { limits } = processes.settings;
  const transport = await openStdioTransport({
    command,
    arguments: args,
    environment,
    limits,
    maxMessageBytes: maxResponseBytes,
    failed,
  });
  return { ...transport, server: command };
}
