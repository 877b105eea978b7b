import { readFile } from 'node:fs/promises';
import type { Json } from '../dsl/json.ts';
import { CliError, exitCodes } from './exit-codes.ts';

/**
 * Reads an option's value: JSON, `@file` with JSON, or `@-` for standard input. Fails as a mistake in the usage, which
 * names `option`.
 */
export async function readJsonArgument(argument: string, option = '--input'): Promise<Json> {
  const file = argument.startsWith('@') ? argument.slice(1) : undefined;
  const text = file === undefined ? argument : await readText(file);
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    const where = file === undefined ? option : file;
    const reason = error instanceof Error ? error.message : String(error);
    throw new CliError(exitCodes.usage, `${where} is not JSON: ${reason}`, { cause: error });
  }
}

/** The same for an option that may be absent. */
export async function readOptionalJson(
  argument: string | undefined,
  option: string,
): Promise<Json | undefined> {
  return argument === undefined ? undefined : readJsonArgument(argument, option);
}

/** Reads a file as text, `-` as standard input; a file that cannot be read is a mistake in the usage. */
export async function readText(file: string): Promise<string> {
  try {
    if (file !== '-') return await readFile(file, 'utf8');
    const chunks: Buffer[] = [];
    for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk as Uint8Array));
    return Buffer.concat(chunks).toString('utf8');
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : error;
    const reason = code === 'ENOENT' ? 'there is no such file' : String(code);
    throw new CliError(exitCodes.usage, `Cannot read ${file}: ${reason}`, { cause: error });
  }
}
