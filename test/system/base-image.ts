import { createHash } from 'node:crypto';
import {
  access,
  chmod,
  copyFile,
  cp,
  mkdir,
  mkdtemp,
  readFile,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { pull } from './container-engine.ts';
import type { ContainerEngine } from './container-engine.ts';
import { debootstrap, ensureTools, pathOf, systemCache } from './packages.ts';
import { runCommand } from './run-command.ts';

const standIn = 'perdure-test/node:24-bookworm-slim';
const npmVersion = '11';

/** Where the stand-in keeps the host's certificate authorities: apart from the system's own, which a build may renew. */
const certificates = '/usr/local/share/host-certificates.crt';

/**
 * The image to build upon: the one that the Dockerfile names, else, where no registry of images can be reached, a
 * stand-in of the same shape out of the package registries: Debian, Node from npm, npm, a user "node".
 */
export async function ensureBaseImage(engine: ContainerEngine, dockerfile: string): Promise<string> {
  const image = /^ARG NODE_IMAGE=(\S+)$/m.exec(await readFile(dockerfile, 'utf8'))?.[1];
  if (image === undefined) throw new Error(`${dockerfile} names no NODE_IMAGE`);
  if (await pull(engine, image)) return image;
  const host = await readHostSettings();
  const content = createHash('sha256').update(JSON.stringify([process.version, npmVersion, host]));
  const archive = join(await systemCache(), `base-image-${content.digest('hex').slice(0, 16)}.tar`);
  if (!(await exists(archive))) await buildArchive(archive, host);
  const settings = Object.entries(standInEnvironment()).map(([name, value]) => `ENV ${name}=${value}`);
  const changes = settings.flatMap((setting) => ['--change', setting]);
  await engine.run(['import', ...changes, archive, standIn], 180_000);
  return standIn;
}

async function buildArchive(archive: string, host: HostSettings): Promise<void> {
  await ensureTools([debootstrap]);
  console.log('  making a stand-in for it with debootstrap, kept for the next time');
  const work = await mkdtemp(`${archive}-`);
  try {
    const system = join(work, 'system');
    const bootstrap = (await pathOf('debootstrap')) ?? 'debootstrap';
    const options = ['--variant=minbase', '--include=ca-certificates'];
    await runCommand(bootstrap, [...options, 'bookworm', system], { timeoutMs: 400_000 });
    await installNode(system, work);
    await writeFile(join(system, certificates), host.certificates);
    await writeFile(join(system, 'etc/apt/apt.conf.d/99host'), host.apt);
    await runCommand('chroot', [system, '/usr/sbin/useradd', '--create-home', '--uid', '1000', 'node']);
    const draft = join(work, 'archive.tar');
    const leftOut = ['--exclude=./var/cache/apt/*', '--exclude=./var/lib/apt/lists/*', '--exclude=./dev/*'];
    await runCommand('tar', ['--create', '--file', draft, '--directory', system, ...leftOut, '.'], {
      timeoutMs: 120_000,
    });
    await rename(draft, archive);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** The Node that runs this test, and npm, which an installation of a platform package does not bring. */
async function installNode(system: string, work: string): Promise<void> {
  const local = join(system, 'usr/local');
  await copyFile(process.execPath, join(local, 'bin/node'));
  await chmod(join(local, 'bin/node'), 0o755);
  const packages = join(work, 'packages');
  await mkdir(packages);
  await writeFile(join(packages, 'package.json'), '{}');
  await runCommand('npm', ['install', '--no-audit', '--no-fund', `npm@${npmVersion}`], {
    cwd: packages,
    timeoutMs: 180_000,
  });
  const modules = join(local, 'lib/node_modules');
  await mkdir(modules, { recursive: true });
  await cp(join(packages, 'node_modules/npm'), join(modules, 'npm'), { recursive: true });
  for (const name of ['npm', 'npx']) {
    await symlink(`../lib/node_modules/npm/bin/${name}-cli.js`, join(local, 'bin', name));
  }
}

/** What a build inside needs to reach the package registries as the host does. */
interface HostSettings {
  readonly certificates: string;
  readonly apt: string;
}

async function readHostSettings(): Promise<HostSettings> {
  const settings = (await runCommand('apt-config', ['dump'])).split('\n');
  const network = settings.filter((line) => /^Acquire::(?:https?|Check-|Retries|ForceIPv)\S* "/.test(line));
  return { certificates: await readFile(hostCertificates(), 'utf8'), apt: `${network.join('\n')}\n` };
}

function hostCertificates(): string {
  return process.env.NODE_EXTRA_CA_CERTS ?? process.env.SSL_CERT_FILE ?? '/etc/ssl/certs/ca-certificates.crt';
}

function standInEnvironment(): Readonly<Record<string, string>> {
  return {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    NODE_EXTRA_CA_CERTS: certificates,
    SSL_CERT_FILE: certificates,
    PIP_CERT: certificates,
  };
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
