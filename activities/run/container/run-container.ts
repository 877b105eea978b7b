import { standardFault } from '../../../dsl/errors.ts';
import type { Json } from '../../../dsl/json.ts';
import type { ProcessResult } from '../../../dsl/types.ts';
import type { ProcessRequest } from '../../../workflows/contract.ts';
import type { CallEnvironment } from '../../http/exchange.ts';
import { SandboxError } from '../../sandbox/sandbox-error.ts';
import type { CallSecrets } from '../../secrets/secrets.ts';
import { switchedOff } from '../process-environment.ts';
import type { Processes, ProcessSettings } from '../process-environment.ts';
import { processOutput } from '../process-output.ts';
import { preparedProcess } from '../prepared-process.ts';
import { sandboxFault } from '../sandbox-fault.ts';
import { containerDescription } from './container-description.ts';
import type { ContainerDescription } from './container-description.ts';
import { containerLabels, containerOptions } from './container-options.ts';
import { collectOutput } from './container-output.ts';
import type { Containers } from './containers.ts';
import { DockerError } from './docker-engine.ts';

/**
 * `run: container`: runs a container to its end ("Container Process"). A repeat of the activity takes up the container
 * that the attempt before it started; one that has an input, which may have been cut off, starts anew.
 */
export async function runContainer(
  request: ProcessRequest,
  secrets: CallSecrets,
  processes: Processes | undefined,
  environment: CallEnvironment,
): Promise<Json> {
  const { reference, task, timeoutMs } = request;
  if (processes?.containers === undefined) throw switchedOff('container', reference);
  const { settings, containers: opened } = processes;
  const { redactor, signal: cancelled } = environment;
  const { arguments: described } = await preparedProcess(request, secrets, environment);
  const container = containerDescription(described, request);
  const { containers, removal } = opened;
  const deadline = AbortSignal.timeout(Math.min(timeoutMs, 2 ** 31 - 1));
  const signal = AbortSignal.any([deadline, cancelled]);
  let id: string | undefined;
  try {
    id = await runningContainer(container, request, containers, settings, signal);
    const result = await followed(id, containers, settings.limits.outputBytes, signal);
    return processOutput(result, request, redactor);
  } catch (error) {
    const late = deadline.aborted
      ? new SandboxError('timeout', `it did not end within ${timeoutMs} ms`, { cause: error })
      : undefined;
    // The worker stops, the task goes on: another worker takes the container up.
    if (id !== undefined && !isShutdown(cancelled)) await containers.kill(id).catch(() => undefined);
    cancelled.throwIfAborted();
    throw sandboxFault(late ?? containerFault(error, request), task, reference);
  } finally {
    if (id !== undefined && !isShutdown(cancelled)) await removal.after(id, container);
  }
}

/** The container of this task run, started: an earlier attempt's, or a new one. */
async function runningContainer(
  container: ContainerDescription,
  request: ProcessRequest,
  containers: Containers,
  settings: ProcessSettings,
  signal: AbortSignal,
): Promise<string> {
  const run = `${request.idempotencyKey}-${request.taskRun}`;
  for (const { id, state } of await containers.labelled(`${containerLabels.run}=${run}`)) {
    if (container.stdin === '' && state !== 'created') return id;
    await containers.remove(id);
  }
  const imageCommand = await presentImage(container, containers, signal);
  const options = containerOptions(container, run, imageCommand, settings.docker, request.reference);
  const id = await containers.create(container.name, options, signal);
  await containers.start(id, container.stdin, signal).catch(async (error: unknown) => {
    await containers.remove(id).catch(() => undefined);
    throw error;
  });
  return id;
}

/** Makes sure that the engine has the image, as the pull policy says; gives its default command. */
async function presentImage(
  { image, pullPolicy }: ContainerDescription,
  containers: Containers,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const present = await containers.imageCommand(image, signal);
  if (present !== undefined && pullPolicy !== 'always') return present;
  if (pullPolicy === 'never') {
    throw new DockerError(404, `the image ${image} is not there, and pullPolicy is never`);
  }
  await containers.pull(image, signal);
  return (await containers.imageCommand(image, signal)) ?? [];
}

async function followed(
  id: string,
  containers: Containers,
  maxBytes: number,
  signal: AbortSignal,
): Promise<ProcessResult> {
  const output = await collectOutput(await containers.output(id, signal), maxBytes);
  return { code: await containers.exitCode(id, signal), ...output };
}

/** What the engine refuses is the definition's to see; that the engine is away is not. */
function containerFault(error: unknown, { reference, task }: ProcessRequest): unknown {
  if (!(error instanceof DockerError)) return error;
  const { status, message } = error;
  const kind = status === 400 || status === 404 || status === 409 ? 'configuration' : 'communication';
  return standardFault(kind, reference, `${task}: ${message}`, {
    status,
    title: 'Container Not Run',
    cause: error,
  });
}

function isShutdown({ aborted, reason }: AbortSignal): boolean {
  return aborted && reason instanceof Error && reason.message === 'WORKER_SHUTDOWN';
}
