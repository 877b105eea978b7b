import { spawn } from 'node:child_process';

export interface CommandOptions {
  readonly cwd?: string;
  /** On top of this process's environment. */
  readonly env?: NodeJS.ProcessEnv;
  readonly timeoutMs?: number;
  /** The user to run it as, where that is not this process's own. */
  readonly uid?: number;
  readonly gid?: number;
}

/** A command that could not be started, ended with another code than 0, or took too long; says what it printed. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

/** Runs a command to its end and resolves to what it printed on both streams. Fails with a {@link CommandError}. */
export async function runCommand(
  command: string,
  args: readonly string[],
  { cwd, env, timeoutMs = 60_000, uid, gid }: CommandOptions = {},
): Promise<string> {
  return await new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
      uid,
      gid,
    });
    let output = '';
    const collect = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.once('error', (error) => reject(new CommandError(`${command}: ${error.message}`)));
    child.once('close', (code, signal) => {
      if (code === 0) return resolve(output.trim());
      const end = code === null ? `was ended by ${signal}` : `ended with code ${code}`;
      reject(new CommandError(`${[command, ...args].join(' ')} ${end}:\n${lastLines(output)}`));
    });
  });
}

/** Whether the command runs and ends with code 0. */
export async function succeeds(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<boolean> {
  return await runCommand(command, args, options).then(
    () => true,
    () => false,
  );
}

function lastLines(output: string): string {
  return output.trim().split('\n').slice(-40).join('\n');
}
