import { standardFault } from '../dsl/errors.ts';
import type { WorkflowFault } from '../dsl/errors.ts';
import type { Json } from '../dsl/json.ts';

/** The value, where its JSON is no longer than `maxBytes`; else faults with `runtime`, 413. `what` names the value. */
export function withinSize(output: Json, what: string, reference: string, maxBytes: number): Json {
  const size = Buffer.byteLength(JSON.stringify(output));
  if (size <= maxBytes) return output;
  throw tooLarge(`${what} takes ${size} bytes as JSON, more than ${maxBytes}`, reference);
}

/** The fault for more than an output may hold. */
export function tooLarge(detail: string, reference: string): WorkflowFault {
  return standardFault('runtime', reference, `${detail} (limits.payloadBytes)`, {
    status: 413,
    title: 'Content Too Large',
  });
}
