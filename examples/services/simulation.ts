import { isJsonObject } from '../../dsl/json.ts';
import type { Json, JsonObject } from '../../dsl/json.ts';

/** Slowness and failure that a caller asks for, in `simulate` of the body or the query `simulate` as JSON. */
export interface Simulation {
  /** Milliseconds before the answer. */
  readonly delayMs: number;
  /** The first so many attempts fail. Attempts are counted by idempotency key. */
  readonly failures: number;
  /** Status of those failures. */
  readonly status: number;
}

/** What the request asks for; anything that is not a sensible number counts as not asked. */
export function requestedSimulation(query: URLSearchParams, body: JsonObject): Simulation {
  const asked = body.simulate ?? parsed(query.get('simulate'));
  const wanted = isJsonObject(asked) ? asked : {};
  return {
    delayMs: within(wanted.delayMs, 0, 60_000, 0),
    failures: within(wanted.failures, 0, 1_000, 0),
    status: within(wanted.status, 400, 599, 503),
  };
}

function parsed(json: string | null): Json {
  if (json === null) return null;
  try {
    return JSON.parse(json) as Json;
  } catch {
    return null;
  }
}

function within(value: Json | undefined, least: number, most: number, otherwise: number): number {
  return typeof value === 'number' && value >= least && value <= most ? value : otherwise;
}
