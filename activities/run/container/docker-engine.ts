/** The few calls of the Docker Engine API that running a container takes. */
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { Agent, errors, request, upgrade } from 'undici';
import type { Dispatcher } from 'undici';
import { isJsonObject } from '../../../dsl/json.ts';
import type { JsonObject } from '../../../dsl/json.ts';

/** Thrown when the engine refuses a request, or does not answer (status 503). */
export class DockerError extends Error {
  override readonly name = 'DockerError';
  readonly status: number;

  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

export interface DockerRequest {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: JsonObject;
  readonly signal?: AbortSignal;
}

export interface DockerEngine {
  /** The JSON that the engine answers, null where it answers nothing. Rejects with a {@link DockerError}. */
  json(request: DockerRequest): Promise<unknown>;
  /** The body as it comes. */
  stream(request: DockerRequest): Promise<AsyncIterable<Uint8Array>>;
  /** A connection of raw bytes, as for a container's standard input. */
  connect(request: DockerRequest): Promise<Duplex>;
  close(): Promise<void>;
}

const usualSocket = '/var/run/docker.sock';

/** The engine at `host`: `unix:///path`, `tcp://` or `http://`, `https://`; its usual socket when absent. */
export function openDockerEngine(host?: string): DockerEngine {
  const { origin, socketPath } = place(host ?? `unix://${usualSocket}`);
  // An image may take minutes to come, and a container days to end.
  const agent = new Agent({ connect: { socketPath }, bodyTimeout: 0, headersTimeout: 0 });

  const send = async (wanted: DockerRequest): Promise<Dispatcher.ResponseData> => {
    const { method = 'GET', path, query = {}, body, signal } = wanted;
    const response = await request(new URL(path, origin), {
      dispatcher: agent,
      method,
      query,
      signal,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    }).catch((error: unknown) => {
      throw unreachable(error, host ?? usualSocket, signal);
    });
    if (response.statusCode < 400) return response;
    throw new DockerError(response.statusCode, await reason(response));
  };

  return {
    async json(wanted) {
      const text = await (await send(wanted)).body.text();
      return text === '' ? null : (JSON.parse(text) as unknown);
    },
    async stream(wanted) {
      return (await send(wanted)).body as AsyncIterable<Uint8Array>;
    },
    async connect({ path, query = {}, signal }) {
      const url = new URL(`${path}?${new URLSearchParams(query).toString()}`, origin);
      const options = { dispatcher: agent, method: 'POST', protocol: 'tcp', signal } as const;
      const { socket } = await upgrade(url, options).catch((error: unknown) => {
        throw unreachable(error, host ?? usualSocket, signal);
      });
      return socket;
    },
    close: () => agent.destroy(),
  };
}

function place(host: string): { readonly origin: string; readonly socketPath?: string } {
  const url = URL.canParse(host) ? new URL(host) : undefined;
  switch (url?.protocol) {
    case 'unix:':
      return { origin: 'http://docker', socketPath: decodeURIComponent(url.pathname) };
    case 'tcp:':
    case 'http:':
      return { origin: `http://${url.host}` };
    case 'https:':
      return { origin: url.origin };
    default:
      throw new DockerError(
        400,
        `run.docker.host must be unix:///path, tcp://host:port or https://host:port, found "${host}"`,
      );
  }
}

async function reason(response: Dispatcher.ResponseData): Promise<string> {
  const text = await response.body.text();
  try {
    const answer: unknown = JSON.parse(text);
    if (isJsonObject(answer) && typeof answer['message'] === 'string') return answer['message'];
  } catch {
    // Not every error is JSON.
  }
  return text.trim() === ''
    ? `status ${response.statusCode} ${STATUS_CODES[response.statusCode] ?? ''}`
    : text.trim();
}

function unreachable(error: unknown, host: string, signal: AbortSignal | undefined): unknown {
  signal?.throwIfAborted();
  const cause = error instanceof errors.UndiciError || error instanceof Error ? error.message : String(error);
  return new DockerError(503, `the container engine at ${host} does not answer: ${cause}`, { cause: error });
}
