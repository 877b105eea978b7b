import { createHostedSandbox } from '../sandbox/hosted-sandbox.ts';
import type { SandboxOptions } from '../sandbox/sandbox.ts';
import { createContainers } from './container/containers.ts';
import { openDockerEngine } from './container/docker-engine.ts';
import type { DockerEngine } from './container/docker-engine.ts';
import { createRemoval } from './container/removal.ts';
import type { Processes, ProcessSettings } from './process-environment.ts';

/** All settings under `run`. */
export type RunSettings = ProcessSettings & SandboxOptions & { readonly docker: { readonly host?: string } };

/** What runs the processes of a worker, with what it holds open. */
export interface OpenProcesses {
  readonly processes: Processes;
  close(): Promise<void>;
}

/** Opens what the settings under `run` turn on. `root` is the project's folder. */
export function openProcesses(settings: RunSettings, root: string): OpenProcesses {
  const { isolation, concurrency, limits } = settings;
  const sandbox = createHostedSandbox({ isolation, concurrency, limits }, root);
  if (!settings.container) {
    return { processes: { settings, sandbox, root }, close: async () => sandbox.close() };
  }
  const engine: DockerEngine = openDockerEngine(settings.docker.host);
  const containers = createContainers(engine);
  const removal = createRemoval(containers);
  return {
    processes: { settings, sandbox, root, containers: { containers, removal } },
    close: async () => {
      sandbox.close();
      removal.close();
      await engine.close();
    },
  };
}
