import { standardFault } from '../../../dsl/errors.ts';
import { jsonSize, type Json } from '../../../dsl/json.ts';
import type { Run } from '../runner.ts';

/** A task that works through one item after the other and gives the list of what came of them. */
export type IteratingRun = Run<'listen'> | Run<'call'>;

/** Adds to the task's output. Faults with `runtime` when that is more than an output may be. */
export function keepOutput(item: Json, { frame, execution, reference, name }: IteratingRun): void {
  const { payloadBytes } = execution.start.limits;
  frame.outputBytes = (frame.outputBytes ?? 2) + jsonSize(item) + 1;
  if (frame.outputBytes > payloadBytes) {
    const detail = `What ${name} has read is more than limits.payloadBytes allows (${payloadBytes})`;
    throw standardFault('runtime', reference, detail);
  }
  (frame.output ??= []).push(item);
}
