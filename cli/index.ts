import { CommanderError } from 'commander';
import { ApiProblem } from './client.ts';
import { CliError, exitCodes } from './exit-codes.ts';
import { createProgram } from './program.ts';
import type { Environment } from './settings.ts';
import { printable, processTerminal } from './terminal.ts';
import type { Terminal } from './terminal.ts';

/**
 * Runs one command: `argv` is what stands after `perdure`, `root` the project's folder. Resolves to the exit code and never rejects for what a
 * person can cause; docs/cli.md lists the codes.
 */
export async function main(
  argv: readonly string[],
  terminal: Terminal = processTerminal(),
  environment: Environment = process.env,
  root: string = process.cwd(),
): Promise<number> {
  let exitCode: number = exitCodes.ok;
  const program = createProgram({ terminal, environment, root, endWith: (code) => (exitCode = code) });
  try {
    await program.parseAsync(argv.length === 0 ? ['--help'] : argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    if (!(error instanceof CliError)) throw error;
    terminal.err(errorText(error));
    return error.exitCode;
  }
}

function errorText(error: CliError): string {
  const lines = [printable(error.message)];
  if (error instanceof ApiProblem) {
    const { errors = [] } = error.problem;
    if (errors.length > 1)
      lines.push(...errors.map((one) => `  ${one.pointer ?? ''} ${printable(one.message)}`));
    if (error.status === 401) lines.push('Set PERDURE_API_KEY to a key of this service.');
  }
  return lines.map((line) => `${line}\n`).join('');
}
