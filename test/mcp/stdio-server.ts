/** An MCP server that tests start as a program. With `child` as argument it starts another one that never ends. */
import { spawn } from 'node:child_process';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { createToolServer } from './tools.ts';

if (process.argv[2] === 'child') {
  const { pid } = spawn('sleep', ['300'], { stdio: 'ignore' });
  process.stderr.write(`child ${pid}\n`);
}
if (process.argv[2] === 'noise') process.stdout.write('Welcome to this server!\n');
const server = createToolServer();
if (process.argv[2] === 'child') {
  // Even a server that does not care for the end of its input has to go.
  process.stdin.on('end', () => undefined);
  setInterval(() => undefined, 1_000);
}
void server.connect(new StdioServerTransport());
