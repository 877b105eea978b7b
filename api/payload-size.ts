import type { Json } from '../dsl/json.ts';
import { Problem } from './problem.ts';

/** Fails with 413 where a value as JSON in UTF-8 has more bytes than the limit. `what` names it to the caller. */
export function refuseLarge(what: string, value: Json | object, limit: number): void {
  const bytes = Buffer.byteLength(JSON.stringify(value));
  if (bytes <= limit) return;
  throw new Problem('payload-too-large', `The ${what} has ${bytes} bytes as JSON; the limit is ${limit}`);
}
