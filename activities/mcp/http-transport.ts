import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { isJsonObject } from '../../dsl/json.ts';
import type { Fetch } from '../http/guarded-fetch.ts';

/** A transport with what is to be done when its session is over. */
export interface McpTransport {
  readonly transport: Transport;
  /** Ends the session on the server where it has one, and everything that is open. Never rejects. */
  readonly end: () => Promise<void>;
}

export interface HttpTransportOptions {
  readonly url: URL;
  readonly fetch: Fetch;
  /** The one request that the session is for, and the key that marks its repetitions. */
  readonly method: string;
  readonly idempotencyKey: string;
}

/** The Streamable HTTP transport of MCP on a `fetch` of ours. */
export function openHttpTransport({
  url,
  fetch,
  method,
  idempotencyKey,
}: HttpTransportOptions): McpTransport {
  const transport = new StreamableHTTPClientTransport(url, {
    fetch: async (target, init) => {
      const headers = new Headers(init?.headers);
      // The stream of what a server says unasked: nobody would listen. With an id it is a reply taken up again.
      if (init?.method === 'GET' && !headers.has('last-event-id')) return new Response(null, { status: 405 });
      // The other requests of the session would be taken for repetitions of this one.
      if (methodOf(init?.body) === method) headers.set('idempotency-key', idempotencyKey);
      return fetch(target, { ...init, headers });
    },
  });
  return {
    transport,
    async end() {
      await transport.terminateSession().catch(() => undefined);
      await transport.close().catch(() => undefined);
    },
  };
}

function methodOf(body: unknown): unknown {
  const message: unknown = typeof body === 'string' ? JSON.parse(body) : undefined;
  return isJsonObject(message) ? message.method : undefined;
}
