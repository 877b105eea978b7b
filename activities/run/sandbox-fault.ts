import { standardFault } from '../../dsl/errors.ts';
import type { StandardError } from '../../dsl/errors.ts';
import { SandboxError } from '../sandbox/sandbox-error.ts';
import type { SandboxFailure } from '../sandbox/sandbox-error.ts';

const kinds: Readonly<Record<SandboxFailure, { readonly error: StandardError; readonly title: string }>> = {
  timeout: { error: 'timeout', title: 'Process Timeout' },
  cpu: { error: 'runtime', title: 'Processor Time Exceeded' },
  memory: { error: 'runtime', title: 'Memory Exceeded' },
  processes: { error: 'runtime', title: 'Too Many Processes' },
  output: { error: 'runtime', title: 'Output Too Large' },
  isolation: { error: 'configuration', title: 'No Isolation' },
  start: { error: 'configuration', title: 'Process Not Started' },
};

/** The definition's error for a process that was ended or could not be started. Other errors come back as they are. */
export function sandboxFault(error: unknown, task: string, reference: string): unknown {
  if (!(error instanceof SandboxError)) return error;
  const { error: name, title } = kinds[error.failure];
  return standardFault(name, reference, `${task}: ${error.message}`, { title, cause: error });
}
