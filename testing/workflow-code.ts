import { join } from 'node:path';
import { bundleWorkflowCode } from '@temporalio/worker';
import type { WorkflowBundle } from '@temporalio/worker';
import { loadWorkflowBundle } from '../workers/bundle.ts';
import { bundlerOptions } from '../workers/bundler-options.ts';

export interface WorkflowCodeOptions {
  /** The project's folder, absolute. */
  readonly root: string;
  /** A file that exports the workflows; Perdure's own `workflows/index.ts` without it. */
  readonly workflowsPath?: string;
}

/** The workflows as one script. Perdure's own are bundled once and kept below `.perdure`; others each time. */
export async function workflowCode({ root, workflowsPath }: WorkflowCodeOptions): Promise<WorkflowBundle> {
  if (workflowsPath !== undefined) return bundleWorkflowCode(bundlerOptions(root, workflowsPath));
  const data = join(root, '.perdure', 'testing');
  return loadWorkflowBundle({ root, data, progress: () => undefined });
}
