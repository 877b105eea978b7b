/** The service that runs the examples: with everything on that is off by default, and the stand-ins allowed. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Json } from '../../../dsl/json.ts';
import { startService } from '../../service-process.ts';
import type { Service } from '../../service-process.ts';
import type { StandIns } from './stand-ins/start.ts';

export interface ExampleService extends Service {
  /** Gives a secret to executions from now on. */
  putSecret(name: string, value: Json): Promise<void>;
}

/** How long events wait for who listens later: as short as can be, for the next example must not hear this one's. */
export const inboxKeepMs = 1_000;

/** Starts it with files in `folder`. */
export async function startExampleService(
  root: string,
  folder: string,
  standIns: StandIns,
): Promise<ExampleService> {
  const secrets = join(folder, 'secrets');
  await mkdir(secrets, { recursive: true });
  const config = join(folder, 'config.yaml');
  const docker = { host: standIns.containers?.engineHost ?? '' };
  const settings = {
    events: standIns.sink.url,
    inbox: { keepMs: inboxKeepMs },
    outgoing: { allow: standIns.hosts },
    secrets: { folder: secrets },
    run: { shell: true, mcpStdio: true, container: standIns.containers !== undefined, docker },
  };
  await writeFile(config, stringify(settings));
  const service = await startService(root, {
    PERDURE_CONFIG: config,
    PERDURE_PROTO_FOLDER: standIns.greeter.folder,
    PERDURE_LOG_FORMAT: 'json',
  });
  return {
    ...service,
    putSecret: (name, value) => writeFile(join(secrets, name), JSON.stringify(value)),
  };
}
