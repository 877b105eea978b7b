/** One of the two services: a Perdure with a configuration, a store and a Temporal namespace of its own. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ApiClient } from '../../cli/client.ts';
import { startProcess, whenReady, type RunningProcess } from '../../test/service-process.ts';
import type { ServiceName } from './options.ts';

export interface ServicePlace {
  /** The project's folder. */
  readonly root: string;
  readonly name: ServiceName;
  /** Of its API; the same after every start. */
  readonly port: number;
  /** What its configuration asks the environment for, and what every Perdure does. */
  readonly environment: NodeJS.ProcessEnv;
  /** Gets each line that its processes print. */
  readonly onLine?: (line: string) => void;
}

export interface TwoService {
  readonly name: ServiceName;
  readonly api: ApiClient;
  start(): Promise<void>;
  /** Ends it as a crash would: at once, with everything that it has in hand. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

/** Starting may have to wait for a database that starts, too. */
const startMs = 180_000;

/** The service, which does not run yet. */
export function twoService({ root, name, port, environment, onLine }: ServicePlace): TwoService {
  const url = `http://127.0.0.1:${port}`;
  const configuration = join(root, 'examples/two-services', name, 'temporal-config.yaml');
  let running: RunningProcess | undefined;
  return {
    name,
    api: new ApiClient({ url }),
    async start() {
      running = startProcess(root, ['start'], {
        ...environment,
        PERDURE_CONFIG: configuration,
        PORT: String(port),
      });
      const { stdout, stderr } = running.child;
      for (const stream of [stdout, stderr])
        if (onLine !== undefined && stream !== null) createInterface({ input: stream }).on('line', onLine);
      await whenReady(url, running, startMs);
    },
    kill: async () => running?.kill(),
    stop: async () => running?.stop(),
  };
}

/** Deploys what stands in the service's folder. */
export async function deployDefinitions(root: string, { name, api }: TwoService): Promise<void> {
  const folder = join(root, 'examples/two-services', name);
  const files = (await readdir(folder)).filter(
    (file) => file.endsWith('.yaml') && file !== 'temporal-config.yaml',
  );
  for (const file of files) await api.deploy(await readFile(join(folder, file), 'utf8'), 'application/yaml');
}
