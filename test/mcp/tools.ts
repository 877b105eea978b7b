/** What the MCP servers of tests offer. */
import { setTimeout as delay } from 'node:timers/promises';
import { McpServer, ResourceTemplate } from '@modelcontextprotocol/sdk/server/mcp.js';
import { z } from 'zod';

/** A server with a few tools, a prompt and resources. `seen` learns of what goes on in it. */
export function createToolServer(seen: (what: string) => void = () => undefined): McpServer {
  const server = new McpServer({ name: 'tools', version: '1.0.0' });
  const text = (value: string): { content: { type: 'text'; text: string }[] } => ({
    content: [{ type: 'text', text: value }],
  });
  server.registerTool('greet', { inputSchema: { name: z.string() } }, ({ name }) => ({
    ...text(`Hello, ${name}!`),
    structuredContent: { greeting: `Hello, ${name}!` },
  }));
  server.registerTool('fail', { inputSchema: {} }, () => ({
    ...text('there is no more paper'),
    isError: true,
  }));
  server.registerTool('flood', { inputSchema: { characters: z.number() } }, ({ characters }) =>
    text('x'.repeat(characters)),
  );
  server.registerTool('wait', { inputSchema: {} }, async (_given, { signal }) => {
    seen('waiting');
    signal.addEventListener('abort', () => seen('cancelled'));
    await delay(60_000, undefined, { signal }).catch(() => undefined);
    return text('done');
  });
  server.registerTool('environment', { inputSchema: {} }, () => text(JSON.stringify(process.env)));
  server.registerTool('exit', { inputSchema: {} }, () => {
    process.stderr.write('out of luck\n');
    process.exit(3);
  });
  server.registerTool('client', { inputSchema: {} }, () =>
    text(JSON.stringify(server.server.getClientVersion() ?? null)),
  );
  server.registerPrompt('review', { argsSchema: { code: z.string() } }, ({ code }) => ({
    messages: [{ role: 'user', content: { type: 'text', text: `Review: ${code}` } }],
  }));
  server.registerResource('readme', 'docs://readme', {}, (uri) => ({
    contents: [{ uri: uri.href, text: 'Read me.' }],
  }));
  server.registerResource(
    'page',
    new ResourceTemplate('docs://pages/{page}', { list: undefined }),
    {},
    (uri, { page }) => ({ contents: [{ uri: uri.href, text: `Page ${String(page)}` }] }),
  );
  return server;
}
