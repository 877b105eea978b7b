import { standardFault } from '../../../dsl/errors.ts';
import type { JsonObject } from '../../../dsl/json.ts';
import type { ContainerDescription } from './container-description.ts';

/** The labels of Perdure's containers, by which they are found again. */
export const containerLabels = {
  /** The task run that the container belongs to: the same for each attempt of its activity. */
  run: 'io.perdure.run',
  /** How long after its end the container is removed, in milliseconds. */
  removeAfterMs: 'io.perdure.remove-after-ms',
} as const;

/** What the settings say of all containers. */
export interface ContainerSettings {
  /** The network's name; the engine's default when absent. */
  readonly network?: string;
  /** Host folders that containers may mount, with what is below them. */
  readonly volumes: readonly string[];
}

/** What the engine is told to create. `imageCommand` is the image's own default command. */
export function containerOptions(
  container: ContainerDescription,
  run: string,
  imageCommand: readonly string[],
  settings: ContainerSettings,
  reference: string,
): JsonObject {
  const { image, command, environment, stdin, removeAfterMs } = container;
  const published = container.ports.map(([host, inside]) => portBinding(host, inside, reference));
  return {
    Image: image,
    // The arguments are the command's `$1`, `$2`, …; without a command they follow the image's own.
    ...(command === undefined
      ? { Cmd: [...imageCommand, ...container.arguments] }
      : { Entrypoint: ['/bin/sh', '-c', command, 'sh'], Cmd: [...container.arguments] }),
    Env: Object.entries(environment).map(([name, value]) => `${name}=${value}`),
    Labels: {
      [containerLabels.run]: run,
      ...(removeAfterMs === undefined ? {} : { [containerLabels.removeAfterMs]: String(removeAfterMs) }),
    },
    ...(stdin === '' ? {} : { OpenStdin: true, StdinOnce: true, AttachStdin: true }),
    ExposedPorts: Object.fromEntries(published.map(([inside]) => [inside, {}])),
    HostConfig: {
      Binds: container.volumes.map(([source, target]) => volume(source, target, settings, reference)),
      PortBindings: Object.fromEntries(published.map(([inside, binding]) => [inside, [binding]])),
      // The one log driver that every engine has and that can be read back.
      LogConfig: { Type: 'json-file', Config: {} },
      ...(settings.network === undefined ? {} : { NetworkMode: settings.network }),
    },
  };
}

/** `8080: 80` publishes port 80 of the container as 8080 of the host, by TCP unless one of them says `/udp`. */
function portBinding(host: string, inside: string, reference: string): [string, JsonObject] {
  const from = /^(\d{1,5})(?:\/(tcp|udp))?$/.exec(host);
  const to = /^(\d{1,5})(?:\/(tcp|udp))?$/.exec(inside);
  if (from !== null && to !== null) {
    return [`${to[1]}/${to[2] ?? from[2] ?? 'tcp'}`, { HostIp: '', HostPort: from[1] ?? '' }];
  }
  const detail = `ports: "${host}: ${inside}" is not a port of the host and one of the container`;
  throw standardFault('configuration', reference, detail);
}

/** A volume has a name, or is a folder of the engine's host: such a one has to be allowed. */
function volume(source: string, target: string, { volumes }: ContainerSettings, reference: string): string {
  const isFolder = source.includes('/') || source.startsWith('.');
  const allowed = volumes.some((folder) => source === folder || source.startsWith(`${folder}/`));
  if (isFolder && (!allowed || source.split('/').includes('..'))) {
    const detail = `volumes: the folder ${source} is not one that containers may mount (run.docker.volumes)`;
    throw standardFault('authorization', reference, detail, { title: 'Volume Not Allowed' });
  }
  return `${source}:${target}`;
}
