/** A real MCP server over HTTP on a free port, for tests. */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { text } from 'node:stream/consumers';
import { createToolServer } from './tools.ts';

export interface ToolServerUnderTest {
  readonly origin: string;
  readonly host: string;
  /** Every request: its HTTP method, the method of MCP in it, its headers and the whole message. */
  readonly seen: {
    readonly http: string;
    readonly mcp?: string;
    readonly headers: IncomingHttpHeaders;
    readonly message?: unknown;
  }[];
  readonly events: string[];
  close(): Promise<void>;
}

/**
 * Serves `/mcp` with replies as streams and `/json` with replies as JSON. `/locked` wants `Bearer open`, `/moved`
 * redirects, `/page` is no MCP, `/broken` ends in the middle of its reply.
 */
export async function startToolServer(): Promise<ToolServerUnderTest> {
  const seen: ToolServerUnderTest['seen'] = [];
  const events: string[] = [];
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  const server = createServer((request, response) => {
    void (async () => {
      const body = await text(request);
      const message = body === '' ? undefined : (JSON.parse(body) as { readonly method?: string });
      seen.push({ http: request.method ?? '', mcp: message?.method, headers: request.headers, message });
      const { url = '' } = request;
      if (url === '/locked' && request.headers.authorization !== 'Bearer open')
        return response.writeHead(401).end('no');
      if (url === '/moved') return response.writeHead(307, { location: '/mcp' }).end();
      if (url === '/page')
        return response.writeHead(200, { 'content-type': 'text/html' }).end('<p>hello</p>');
      if (url === '/down') return response.writeHead(503).end('later');
      const known = sessions.get(String(request.headers['mcp-session-id']));
      if (url === '/broken' && message?.method === 'tools/list') {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write('event: message\ndata: {"jsonrpc"');
        return setTimeout(() => response.destroy(), 50);
      }
      const transport =
        known ??
        new StreamableHTTPServerTransport({
          sessionIdGenerator: randomUUID,
          enableJsonResponse: url === '/json',
          onsessioninitialized: (id) => void sessions.set(id, transport),
          onsessionclosed: (id) => {
            events.push('closed');
            sessions.delete(id);
          },
        });
      if (known === undefined) await createToolServer((what) => events.push(what)).connect(transport);
      await transport.handleRequest(request, response, message);
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  const port = typeof bound === 'object' ? bound?.port : undefined;
  return {
    origin: `http://127.0.0.1:${port}`,
    host: `127.0.0.1:${port}`,
    seen,
    events,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
