import { Agent, request as exchange } from 'undici';
import { hostsText } from './registry-url.ts';
import type { RegistryUrl, TlsFiles } from './registry-url.ts';

export interface ConsulRequest {
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly query?: Readonly<Record<string, string>>;
  /** How long the answer may take where that is not the client's time. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export interface ConsulAnswer {
  readonly status: number;
  readonly text: string;
  /** Changes with what was asked for; empty where Consul gives none. */
  readonly index: string;
}

/** An agent of Consul by its HTTP API. */
export interface ConsulClient {
  ask(method: 'GET' | 'PUT' | 'DELETE', path: string, request?: ConsulRequest): Promise<ConsulAnswer>;
  close(): Promise<void>;
}

/**
 * The way to the agent that the URL names first, which connects when it is used. `tls` is for `consuls:`, `answerMs` how
 * long connecting and an answer may take.
 */
export function openConsulClient(
  { scheme, hosts, password }: RegistryUrl,
  tls: TlsFiles | undefined,
  answerMs: number,
): ConsulClient {
  const agent = new Agent({ allowH2: false, connect: { timeout: answerMs, ...tls } });
  const base = `${scheme === 'consuls' ? 'https' : 'http'}://${hostsText(hosts.slice(0, 1))}`;
  const headers = password === undefined ? {} : { 'x-consul-token': password };
  return {
    async ask(method, path, { body, query = {}, timeoutMs = answerMs, signal } = {}) {
      const deadline = AbortSignal.timeout(timeoutMs);
      const target = new URL(path, base);
      for (const [name, value] of Object.entries(query)) target.searchParams.set(name, value);
      const response = await exchange(target, {
        dispatcher: agent,
        method,
        headers,
        body: body === undefined ? undefined : JSON.stringify(body),
        signal: signal === undefined ? deadline : AbortSignal.any([deadline, signal]),
        headersTimeout: 0,
      });
      const text = await response.body.text();
      return { status: response.statusCode, text, index: String(response.headers['x-consul-index'] ?? '') };
    },
    close: () => agent.destroy(),
  };
}
