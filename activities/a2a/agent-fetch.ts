import { isJsonObject } from '../../dsl/json.ts';
import type { Fetch } from '../http/guarded-fetch.ts';

/** Thrown for a reply that is an error of HTTP and not of JSON-RPC. */
export class AgentStatusError extends Error {
  override readonly name = 'AgentStatusError';
  readonly status: number;

  constructor(status: number) {
    super(`the agent answered ${status}`);
    this.status = status;
  }
}

/** A `fetch` that lets errors of JSON-RPC through, whatever their status, and throws {@link AgentStatusError} for others. */
export function createAgentFetch(fetch: Fetch): Fetch {
  return async (url, init) => {
    const response = await fetch(url, init);
    if (response.ok) return response;
    const text = await response.text();
    if (!isJsonRpcError(text)) throw new AgentStatusError(response.status);
    // The SDK reads an error of a stream out of the status line.
    return new Response(text, { status: 200, headers: { 'content-type': 'application/json' } });
  };
}

function isJsonRpcError(text: string): boolean {
  try {
    const answer: unknown = JSON.parse(text);
    return isJsonObject(answer) && answer.jsonrpc === '2.0' && isJsonObject(answer.error);
  } catch {
    return false;
  }
}
