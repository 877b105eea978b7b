/** A fault that nothing catches, and the executions that it keeps open. docs/operations/retry.md. */
import { condition, upsertSearchAttributes } from '@temporalio/workflow';
import type { WorkflowError } from '../../dsl/errors.ts';
import type { Execution } from './execution.ts';
import { Stop } from './pacing.ts';
import type { HeldFrame } from './position.ts';
import { errorTypeAttribute } from './search-attributes.ts';
import { showStatus } from './show-status.ts';

/** The fault that the execution has just thrown, with the task runs that it went through. */
export function faultFrame({ fault }: Execution, error: WorkflowError): HeldFrame {
  return { error, through: fault.error?.error === error ? fault.through : [], at: Date.now() };
}

/** Notes a fault that is to be held. */
export function holdFault(execution: Execution, error: WorkflowError): void {
  execution.position.held = faultFrame(execution, error);
  execution.lifecycle?.workflow('workflow.faulted', { error: { ...error } });
  showErrorType(error);
}

/** Waits until there is to be a next run: for a retry, a migration, or because the wait itself became too long. */
export async function hold(execution: Execution): Promise<never> {
  showStatus(execution);
  await condition(() => execution.pacing.stopping);
  throw new Stop();
}

/** Lets lists filter by the error. Longer keyword values fail the workflow in a way that nothing can catch. */
export function showErrorType({ type }: WorkflowError): void {
  upsertSearchAttributes([{ key: errorTypeAttribute, value: type.slice(0, 255) }]);
}
