import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { bundleWorkflowCode } from '@temporalio/worker';
import type { Logger } from '@temporalio/worker';
import { reasonOf, StartError } from '../temporal/start-error.ts';
import { bundlerOptions } from './bundler-options.ts';

/** The workflows as one script for Temporal's sandbox. */
export interface WorkflowBundle {
  readonly code: string;
}

export interface BundleOptions {
  /** The project's folder, absolute. */
  readonly root: string;
  /** Folder of local state; the bundle is kept in its `cache`. */
  readonly data: string;
  /** A bundle made before, as in the image: PERDURE_WORKFLOW_BUNDLE. */
  readonly prebuilt?: string;
  /** Gets one line for a person when a bundle has to be made. */
  readonly progress: (line: string) => void;
}

/**
 * The bundle of `workflows/index.ts`: the prebuilt one, else the cached one of the same sources, else made now and
 * cached. Fails with a {@link StartError} when a prebuilt one cannot be read.
 */
export async function loadWorkflowBundle(options: BundleOptions): Promise<WorkflowBundle> {
  if (options.prebuilt !== undefined && options.prebuilt !== '')
    return { code: await readPrebuilt(options.prebuilt) };
  const cache = join(options.data, 'cache');
  const name = `workflows-${await sourcesDigest(options.root)}.js`;
  const cached = await readFile(join(cache, name), 'utf8').catch(() => undefined);
  if (cached !== undefined) return { code: cached };
  options.progress('Bundling the workflows, once for each change of them');
  const code = await bundleWorkflows(options.root);
  await writeWhole(join(cache, name), code);
  await removeOthers(cache, name);
  return { code };
}

/** Makes the bundle anew. Fails with the bundler's messages, for example an import of a Node built-in. */
export async function bundleWorkflows(root: string): Promise<string> {
  const messages: string[] = [];
  try {
    const workflowsPath = join(root, 'workflows', 'index.ts');
    const { code } = await bundleWorkflowCode({
      ...bundlerOptions(root, workflowsPath),
      logger: collectingLogger(messages),
    });
    return code;
  } catch (error) {
    throw new Error([reasonOf(error), ...messages].join('\n'), { cause: error });
  }
}

/** Writes a file that others see whole or not at all. */
export async function writeWhole(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, content);
  await rename(draft, path);
}

/** SHA-256 of everything that the bundle is made of: workflow code, the language, how it is bundled, and the packages' versions. */
async function sourcesDigest(root: string): Promise<string> {
  const sources = await Promise.all(['workflows', 'dsl'].map((folder) => sourceFiles(join(root, folder))));
  const sdk = join(root, 'node_modules', '@temporalio', 'worker', 'package.json');
  const hash = createHash('sha256');
  const options = join(root, 'workers', 'bundler-options.ts');
  for (const file of [sdk, options, join(root, 'package-lock.json'), ...sources.flat()]) {
    const content = await readFile(file).catch(() => Buffer.alloc(0));
    hash.update(`${file.slice(root.length)}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex').slice(0, 32);
}

async function sourceFiles(folder: string): Promise<readonly string[]> {
  const files = await readdir(folder, { recursive: true });
  return files
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .sort()
    .map((file) => join(folder, file));
}

async function readPrebuilt(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new StartError(
      `The workflow bundle that PERDURE_WORKFLOW_BUNDLE names cannot be read: ${reasonOf(error)}\n` +
        'Make it with `node main.ts bundle --out FILE`, or unset the variable: then it is made at the start.',
      { cause: error },
    );
  }
}

async function removeOthers(cache: string, current: string): Promise<void> {
  const old = (await readdir(cache)).filter((file) => file.startsWith('workflows-') && file !== current);
  await Promise.all(old.map((file) => rm(join(cache, file), { force: true })));
}

// The bundler reports its progress and statistics to a person's terminal: only what went wrong is of use.
function collectingLogger(messages: string[]): Logger {
  const silent = (): void => undefined;
  const collect = (message: string): void => void messages.push(message);
  return {
    log: (level, message) => (level === 'ERROR' ? collect(message) : undefined),
    trace: silent,
    debug: silent,
    info: silent,
    warn: silent,
    error: collect,
  };
}
