import type { Command } from 'commander';
import { ApiClient } from './client.ts';
import { clientOptions } from './settings.ts';
import type { Environment } from './settings.ts';
import type { ExitCode } from './exit-codes.ts';
import { printable } from './terminal.ts';
import type { Terminal } from './terminal.ts';

/** What every command gets from the outside. */
export interface CliContext {
  readonly terminal: Terminal;
  readonly environment: Environment;
  /** The project's folder, where the settings are. */
  readonly root: string;
  /** Called by a command that ends with another code than 0 without an error. */
  readonly endWith: (code: ExitCode) => void;
}

export interface CommonOptions {
  readonly json?: boolean;
  readonly url?: string;
}

/** Adds the options that every command of the API takes. */
export function withCommonOptions(command: Command): Command {
  return command
    .option('--json', 'print JSON for programs')
    .option('--url <url>', 'address of the service (default: PERDURE_URL, else http://127.0.0.1:$PORT)');
}

/** A client for the service that options and environment name. */
export function apiClient({ environment }: CliContext, options: CommonOptions): ApiClient {
  return new ApiClient(clientOptions(environment, options.url));
}

/** Prints a value as JSON, indented. */
export function printJson(terminal: Terminal, value: unknown): void {
  terminal.out(`${JSON.stringify(value, null, 2)}\n`);
}

/** Says that something was done, or prints `json` where a program asks. */
export function printDone(terminal: Terminal, options: CommonOptions, json: unknown, text: string): void {
  if (options.json) printJson(terminal, json);
  else terminal.out(`${printable(text)}\n`);
}
