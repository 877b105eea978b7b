import { spawn } from 'node:child_process';

/** How a short-lived command ended. */
export interface CommandResult {
  /** Absent when it could not be started or was stopped. */
  readonly code?: number;
  readonly output: string;
}

/**
 * Runs a command to its end and collects what it prints on both streams (the last 64 KiB). Never fails: a command that
 * cannot be started has no code and the reason as output. `signal` stops it.
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: {
    readonly env?: NodeJS.ProcessEnv;
    readonly cwd?: string;
    readonly signal?: AbortSignal;
  } = {},
): Promise<CommandResult> {
  return await new Promise((resolve) => {
    let output = '';
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    const collect = (chunk: Buffer): void => {
      output = (output + chunk.toString('utf8')).slice(-65_536);
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.once('error', (error) => resolve({ output: error.message }));
    child.once('close', (code) => resolve({ code: code ?? undefined, output: output.trim() }));
  });
}
