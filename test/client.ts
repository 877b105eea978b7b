/** Calls the API the way a user's program would. */
import type { Json } from '../dsl/json.ts';

export interface Execution {
  readonly id: string;
  readonly runId: string;
  readonly status: string;
  readonly version?: string;
  readonly output?: Json;
  readonly error: {
    readonly type: string;
    readonly status: number;
    readonly detail?: string;
    readonly instance: string;
  } | null;
  readonly tasks: readonly { readonly name: string; readonly status: string; readonly attempt: number }[];
  readonly omittedTasks: number;
  /** Why the execution could not be asked for its tasks. */
  readonly tasksUnavailable?: string;
}

export interface Answer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

export interface ApiClient {
  deploy(yaml: string): Promise<Answer<Json>>;
  start(
    body: {
      readonly workflow: string;
      readonly version?: string;
      readonly input?: Json;
      readonly id?: string;
    },
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer<Execution>>;
  get(id: string): Promise<Execution>;
  post(path: string, body: Json): Promise<Answer<Json>>;
  /** Polls until the execution has ended. */
  ended(id: string, timeoutMs?: number): Promise<Execution>;
}

const endings = new Set(['completed', 'faulted', 'cancelled']);

/** A client of the API at `url`. */
export function apiClient(url: string): ApiClient {
  async function call<T>(path: string, init: RequestInit): Promise<Answer<T>> {
    const response = await fetch(url + path, init);
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: (text === '' ? null : JSON.parse(text)) as T,
    };
  }
  const json = { 'content-type': 'application/json' };
  const client: ApiClient = {
    deploy: (yaml) =>
      call('/v1/definitions', {
        method: 'POST',
        headers: { 'content-type': 'application/yaml' },
        body: yaml,
      }),
    start: (body, headers = {}) =>
      call('/v1/executions', {
        method: 'POST',
        headers: { ...json, ...headers },
        body: JSON.stringify(body),
      }),
    async get(id) {
      return (await call<Execution>(`/v1/executions/${encodeURIComponent(id)}`, {})).body;
    },
    post: (path, body) => call(path, { method: 'POST', headers: json, body: JSON.stringify(body) }),
    async ended(id, timeoutMs = 90_000) {
      const deadline = Date.now() + timeoutMs;
      for (;;) {
        // The service itself may be away for a while: these tests take it down.
        const execution = await client.get(id).catch(() => undefined);
        if (execution !== undefined && endings.has(execution.status)) return execution;
        if (Date.now() > deadline) throw new Error(`${id} has not ended: ${JSON.stringify(execution)}`);
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
    },
  };
  return client;
}
