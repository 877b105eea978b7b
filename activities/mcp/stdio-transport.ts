import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ReadBuffer, serializeMessage } from '@modelcontextprotocol/sdk/shared/stdio.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { systemPath } from '../run/system-path.ts';
import { limitedCommand } from '../sandbox/limits.ts';
import type { SandboxLimits } from '../sandbox/limits.ts';
import { treeUsage } from '../sandbox/process-tree.ts';
import type { McpTransport } from './http-transport.ts';
import { McpProcessError } from './mcp-process-error.ts';

export interface StdioServer {
  readonly command: string;
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly limits: SandboxLimits;
  /** Of one message of the server. */
  readonly maxMessageBytes: number;
  /** Learns of a program that does not start, ends or writes what is no message: nothing more will come. */
  readonly failed: (error: McpProcessError) => void;
}

/** How long a server has to end by itself once its input is closed, as MCP asks of it. */
const graceMs = 500;

/** How much of what a server wrote to its standard error goes into an error. */
const tellingCharacters = 2_000;

/**
 * The stdio transport of MCP: starts the program with the environment that the definition gives and nothing of the
 * worker's, in a folder of its own, within the kernel's limits on processor time and files. The SDK's own transport
 * would hand on the worker's variables and leave behind what the program starts.
 */
export async function openStdioTransport(server: StdioServer): Promise<McpTransport> {
  const folder = await mkdtemp(join(tmpdir(), 'perdure-mcp-'));
  const limited = limitedCommand(server.limits, { addressSpace: false, processes: false }, [
    server.command,
    ...server.arguments,
  ]);
  const [name, ...args] = limited;
  const child = spawn(name, args, {
    cwd: folder,
    env: { ...systemPath, HOME: folder, ...server.environment },
    stdio: 'pipe',
    detached: true,
  });
  return {
    transport: childTransport(child, server),
    async end() {
      await kill(child);
      await rm(folder, { recursive: true, force: true }).catch(() => undefined);
    },
  };
}

function childTransport(
  child: ChildProcessWithoutNullStreams,
  { maxMessageBytes, failed }: StdioServer,
): Transport {
  const messages = new ReadBuffer({ maxBufferSize: maxMessageBytes });
  let said = '';
  const transport: Transport = {
    start: async () => undefined,
    // Where nobody reads any more, the end of the program tells why.
    send: async (message) => void child.stdin.write(serializeMessage(message)),
    close: async () => {
      child.stdin.end();
      transport.onclose?.();
    },
  };
  const read = (chunk: Buffer): void => {
    try {
      messages.append(chunk);
      for (let message = messages.readMessage(); message !== null; message = messages.readMessage()) {
        transport.onmessage?.(message);
      }
    } catch (error) {
      const why =
        'the server wrote something that is no message of MCP, or too large, to its standard output';
      failed(new McpProcessError(why, { cause: error }));
    }
  };
  child.stdout.on('data', read);
  child.stderr.on('data', (chunk: Buffer) => (said = `${said}${chunk.toString()}`.slice(-tellingCharacters)));
  child.stdin.on('error', () => undefined);
  child.on('error', (error) => {
    failed(new McpProcessError('the server cannot be started', { cause: error }));
  });
  child.on('close', (code) => {
    const why = said.trim() === '' ? '' : `: ${said.trim()}`;
    failed(new McpProcessError(`the server ended with exit code ${code ?? 'of a signal'}${why}`));
  });
  return transport;
}

/** Lets the server end by itself, then kills what is left of it and of all that it started. */
async function kill(child: ChildProcessWithoutNullStreams): Promise<void> {
  const { pid } = child;
  if (pid === undefined) return;
  const started = (await treeUsage(pid))?.pids ?? [];
  child.stdin.end();
  if (child.exitCode === null && child.signalCode === null) {
    await Promise.race([once(child, 'exit'), delay(graceMs)]);
  }
  for (const target of [-pid, ...started]) {
    try {
      process.kill(target, 'SIGKILL');
    } catch {
      // It has ended.
    }
  }
}
