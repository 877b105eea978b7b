import { standardFault } from '../../dsl/errors.ts';
import { durationMs, InvalidDurationError } from '../../dsl/duration.ts';
import { isJsonObject } from '../../dsl/json.ts';
import type { Json } from '../../dsl/json.ts';

/** The milliseconds that a call gives itself, without end where it says nothing ("MCP Call", `timeout`). */
export function callTimeoutMs(timeout: Json | undefined, reference: string): number {
  if (timeout === undefined || timeout === null) return Infinity;
  try {
    if (typeof timeout === 'string' || isJsonObject(timeout)) return durationMs(timeout);
    throw new InvalidDurationError(`expected a duration, found ${JSON.stringify(timeout)}`);
  } catch (error) {
    if (!(error instanceof InvalidDurationError)) throw error;
    throw standardFault('expression', reference, `timeout: ${error.message}`, { cause: error });
  }
}
