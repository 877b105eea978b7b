import { standardFault } from '../../dsl/errors.ts';
import type { WorkflowFault } from '../../dsl/errors.ts';
import type { Json } from '../../dsl/json.ts';
import type { ProcessRequest } from '../../workflows/contract.ts';
import type { CallEnvironment } from '../http/exchange.ts';
import type { SandboxLimits } from '../sandbox/limits.ts';
import type { Sandbox, SandboxedProgram } from '../sandbox/sandbox.ts';
import type { ContainerSettings } from './container/container-options.ts';
import type { Containers } from './container/containers.ts';
import type { Removal } from './container/removal.ts';
import { processOutput } from './process-output.ts';
import { sandboxFault } from './sandbox-fault.ts';

/** What a worker runs, and with what. The names are those of the settings under `run`. */
export interface ProcessSettings {
  readonly javascript: boolean;
  readonly python: boolean;
  readonly shell: boolean;
  readonly container: boolean;
  /** MCP servers that a call starts as a program. */
  readonly mcpStdio: boolean;
  readonly pythonCommand: string;
  readonly visibleFolders: readonly string[];
  readonly limits: SandboxLimits;
  readonly docker: ContainerSettings;
}

/** The worker's container engine. */
export interface OpenContainers {
  readonly containers: Containers;
  readonly removal: Removal;
}

/** What the process activities get from the worker. */
export interface Processes {
  readonly settings: ProcessSettings;
  readonly sandbox: Sandbox;
  /** Where the worker runs containers. */
  readonly containers?: OpenContainers;
  /** The project's folder, absolute. */
  readonly root: string;
}

/** The switches of the settings, by kind of process. */
type Switch = 'javascript' | 'python' | 'shell' | 'container' | 'mcpStdio';

/** Faults with `configuration` where the worker does not run this kind of process. */
export function requireSwitch(
  processes: Processes | undefined,
  name: Switch,
  reference: string,
): asserts processes is Processes {
  if (processes?.settings[name] !== true) throw switchedOff(name, reference);
}

/** The `configuration` fault for a kind of process that the worker does not run. */
export function switchedOff(name: Switch, reference: string): WorkflowFault {
  const variable = `PERDURE_RUN_${name.replace(/[A-Z]/g, '_$&').toUpperCase()}`;
  const detail = `${name} is off on this worker: set run.${name} to true in temporal-config.yaml (${variable}) to run it`;
  return standardFault('configuration', reference, detail, { title: 'Process Turned Off' });
}

/** Runs a program in the sandbox and gives what the task outputs. */
export async function runSandboxed(
  program: SandboxedProgram,
  request: ProcessRequest,
  { sandbox }: Processes,
  { redactor, signal }: CallEnvironment,
): Promise<Json> {
  const { timeoutMs, task, reference } = request;
  const result = await sandbox.run(program, { timeoutMs, signal }).catch((error: unknown) => {
    throw sandboxFault(error, task, reference);
  });
  return processOutput(result, request, redactor);
}
