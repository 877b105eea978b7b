/** Containers as the engine knows them: found by label, created, followed to their end, removed. */
import { isJsonObject } from '../../../dsl/json.ts';
import type { JsonObject } from '../../../dsl/json.ts';
import { DockerError } from './docker-engine.ts';
import type { DockerEngine } from './docker-engine.ts';

export interface FoundContainer {
  readonly id: string;
  readonly state: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface Containers {
  /** The containers that carry this label, those that ended included. */
  labelled(label: string): Promise<readonly FoundContainer[]>;
  create(name: string, options: JsonObject, signal: AbortSignal): Promise<string>;
  /** Starts the container and writes its standard input, if any. */
  start(id: string, stdin: string, signal: AbortSignal): Promise<void>;
  /** The output from its beginning, until the container ends. */
  output(id: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
  exitCode(id: string, signal: AbortSignal): Promise<number>;
  finishedAt(id: string): Promise<number>;
  kill(id: string): Promise<void>;
  /** Kills and removes a container; that it is not there is fine. */
  remove(id: string): Promise<void>;
  /** The image's default command, or undefined when the engine does not have the image. */
  imageCommand(image: string, signal: AbortSignal): Promise<readonly string[] | undefined>;
  pull(image: string, signal: AbortSignal): Promise<void>;
}

export function createContainers(engine: DockerEngine): Containers {
  const at = (id: string, call: string): string => `/containers/${encodeURIComponent(id)}/${call}`;
  return {
    async labelled(label) {
      const filters = JSON.stringify({ label: [label] });
      const list = await engine.json({ path: '/containers/json', query: { all: 'true', filters } });
      const found = list as readonly { Id: string; State: string; Labels: Record<string, string> }[];
      return found.map(({ Id, State, Labels }) => ({ id: Id, state: State, labels: Labels }));
    },
    async create(name, body, signal) {
      const path = '/containers/create';
      const made = await engine.json({ method: 'POST', path, query: { name }, body, signal });
      return (made as { Id: string }).Id;
    },
    async start(id, stdin, signal) {
      const query = { stream: 'true', stdin: 'true' };
      // Attached before the start: what is written then is the first that the container reads.
      const input =
        stdin === '' ? undefined : await engine.connect({ path: at(id, 'attach'), query, signal });
      // A container need not read what it is given.
      input?.on('error', () => undefined);
      await engine.json({ method: 'POST', path: at(id, 'start'), signal });
      input?.end(stdin);
    },
    output: (id, signal) =>
      engine.stream({
        path: at(id, 'logs'),
        query: { follow: 'true', stdout: 'true', stderr: 'true' },
        signal,
      }),
    async exitCode(id, signal) {
      const ended = await engine.json({ method: 'POST', path: at(id, 'wait'), signal });
      return (ended as { StatusCode: number }).StatusCode;
    },
    async finishedAt(id) {
      const { State } = (await engine.json({ path: at(id, 'json') })) as { State: { FinishedAt: string } };
      return Date.parse(State.FinishedAt);
    },
    kill: (id) => unlessGone(engine.json({ method: 'POST', path: at(id, 'kill') })),
    remove: (id) =>
      unlessGone(
        engine.json({
          method: 'DELETE',
          path: `/containers/${encodeURIComponent(id)}`,
          query: { force: 'true', v: 'true' },
        }),
      ),
    async imageCommand(image, signal) {
      try {
        const found = await engine.json({ path: `/images/${image}/json`, signal });
        const config = isJsonObject(found) && isJsonObject(found['Config']) ? found['Config'] : {};
        return (config['Cmd'] ?? []) as readonly string[];
      } catch (error) {
        if (error instanceof DockerError && error.status === 404) return undefined;
        throw error;
      }
    },
    pull: (image, signal) => pull(engine, image, signal),
  };
}

/** 404: it is not there. 409: it does not run, or is being removed already. */
async function unlessGone(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof DockerError) || (error.status !== 404 && error.status !== 409)) throw error;
  }
}

/** The engine answers 200 at once and tells of its progress in lines of JSON; a failure is one of them. */
async function pull(engine: DockerEngine, image: string, signal: AbortSignal): Promise<void> {
  const tagged = /@|:[^/]*$/.test(image) ? image : `${image}:latest`;
  const query = { fromImage: tagged };
  let text = '';
  for await (const bytes of await engine.stream({ method: 'POST', path: '/images/create', query, signal })) {
    text += Buffer.from(bytes).toString();
  }
  for (const line of text.split('\n')) {
    const progress: unknown = line.trim() === '' ? {} : JSON.parse(line);
    if (isJsonObject(progress) && typeof progress['error'] === 'string') {
      throw new DockerError(502, progress['error']);
    }
  }
}
