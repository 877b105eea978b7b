import { join } from 'node:path';
import { dockerCompose, ensureHadolint, ensureTools } from './packages.ts';
import { runCommand, succeeds } from './run-command.ts';

/** The Dockerfile has nothing that hadolint would warn of. */
export async function checkDockerfile(root: string): Promise<void> {
  await runCommand(await ensureHadolint(), [join(root, 'docker/Dockerfile')]);
}

/** The compose files are valid. Their images are not pulled and nothing is started. */
export async function checkComposeFiles(root: string): Promise<void> {
  const compose = await composeCommand();
  const env = { PERDURE_API_KEYS: `test:${'0'.repeat(64)}`, POSTGRES_PASSWORD: 'test' };
  for (const file of ['compose.yaml', 'compose.temporal.yaml']) {
    const [command, ...args] = [...compose, '--file', join(root, 'docker', file), 'config', '--quiet'];
    await runCommand(command, args, { env });
  }
}

async function composeCommand(): Promise<readonly [string, ...string[]]> {
  if (await succeeds('docker', ['compose', 'version'])) return ['docker', 'compose'];
  await ensureTools([dockerCompose]);
  return ['docker-compose'];
}
