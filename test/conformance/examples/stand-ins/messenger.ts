/** The MCP server that the example would download: over standard input and output, with one tool. */
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { z } from 'zod';

const inputSchema = {
  channel_id: z.string(),
  thread_ts: z.string().optional(),
  payload: z.string(),
  content_type: z.string().optional(),
};

if (process.env.SLACK_MCP_XOXP_TOKEN === undefined) throw new Error('SLACK_MCP_XOXP_TOKEN is missing');

const server = new McpServer({ name: 'messenger', version: '1.0.0' });
server.registerTool('conversations_add_message', { inputSchema }, ({ channel_id: channel, payload }) => ({
  content: [{ type: 'text', text: `posted to ${channel}: ${payload}` }],
}));
void server.connect(new StdioServerTransport());
