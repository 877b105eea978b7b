/** Namespaces for a program through bubblewrap: no network, no other process, no file but those named. */
import { execFile } from 'node:child_process';
import { existsSync, lstatSync, readlinkSync } from 'node:fs';
import { promisify } from 'node:util';
import type { SandboxLimits } from './limits.ts';

const run = promisify(execFile);

/** "nobody" on Linux: whom a worker that is root lets programs run as. */
const nobody = '65534';

/** The system's own folders: programs and libraries. Where they are links into /usr, links they stay. */
const systemFolders = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64'];
/** What programs in them look up: where libraries are, and which of several programs has a name. */
const systemFiles = ['/etc/ld.so.cache', '/etc/alternatives', '/etc/localtime'];

/** What a program gets to see. */
export interface Surroundings {
  /** Host paths that it sees where they are, read-only. */
  readonly visible: readonly string[];
  /** A file of the program's own: read from an inherited file descriptor. */
  readonly file?: { readonly path: string; readonly descriptor: number };
  /** Where the filter of system calls is read from. */
  readonly filterDescriptor?: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly folder: string;
  readonly limits: SandboxLimits;
}

/** The options, one an item. They go through a descriptor, since they may hold secrets and anybody sees arguments. */
export function bubblewrapOptions(around: Surroundings): string[] {
  const { visible, file, filterDescriptor, environment, folder, limits } = around;
  const size = ['--size', String(limits.fileBytes)];
  return [
    // A namespace of each kind; no further ones, from which a program could mount memory without end.
    '--unshare-user --unshare-all --disable-userns --die-with-parent --new-session --clearenv'.split(' '),
    systemFolders.flatMap(shown),
    systemFiles.filter(existsSync).flatMap((path) => ['--ro-bind', path, path]),
    ['--proc', '/proc', '--dev', '/dev', ...size, '--perms', '1777', '--tmpfs', '/dev/shm'],
    [...size, '--perms', '1777', '--tmpfs', folder],
    // After the empty folder, since a project may stand below it.
    visible.flatMap((path) => ['--ro-bind', path, path]),
    file === undefined ? [] : ['--perms', '0444', '--ro-bind-data', String(file.descriptor), file.path],
    filterDescriptor === undefined ? [] : ['--seccomp', String(filterDescriptor)],
    ['--remount-ro', '/dev', '--remount-ro', '/', '--chdir', folder],
    Object.entries(environment).flatMap(([name, value]) => ['--setenv', name, value]),
  ].flat();
}

function shown(path: string): string[] {
  if (!existsSync(path)) return [];
  return lstatSync(path).isSymbolicLink()
    ? ['--symlink', readlinkSync(path), path]
    : ['--ro-bind', path, path];
}

/** The command that takes its options from `descriptor`. `asNobody` where the worker is root: the kernel counts no processes of root. */
export function bubblewrapCommand(
  descriptor: number,
  command: readonly string[],
  asNobody: boolean,
): string[] {
  const drop = ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups', '--'];
  const bubblewrap = ['bwrap', '--args', String(descriptor), '--', ...command];
  return asNobody && process.getuid?.() === 0 ? [...drop, ...bubblewrap] : bubblewrap;
}

/** Resolves to why there can be no namespaces here, or to nothing where there can. */
export async function whyNoNamespaces(): Promise<string | undefined> {
  if (process.platform !== 'linux') return `${process.platform} has no namespaces`;
  const options = '--unshare-user --unshare-all --disable-userns --ro-bind / / --proc /proc'.split(' ');
  const drop = process.getuid?.() === 0 ? ['setpriv', `--reuid=${nobody}`, '--clear-groups', '--'] : [];
  const [program, ...args] = [...drop, 'bwrap', ...options, '--', '/bin/true'];
  try {
    await run(program, args, { timeout: 10_000, env: { PATH: process.env.PATH } });
    return undefined;
  } catch (error) {
    const { code, stderr } = error as { readonly code?: unknown; readonly stderr?: string };
    if (code === 'ENOENT') return 'bubblewrap (bwrap) is not installed';
    const line = stderr?.trim().split('\n').at(-1);
    return line === undefined || line === '' ? 'bubblewrap (bwrap) fails' : line;
  }
}
