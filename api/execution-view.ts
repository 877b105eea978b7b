/** How an execution on Temporal looks to callers of the API. Pure. */
import type {
  WorkflowExecutionDescription,
  WorkflowExecutionInfo,
  WorkflowExecutionStatusName,
} from '@temporalio/client';
import type { Settings } from '../config/settings.ts';
import { executionStatuses, memoKeys, searchAttributes } from '../workflows/contract.ts';
import type { ExecutionStatus } from '../workflows/contract.ts';

/** What an execution still running can be, by its own report. One that faulted and stays open is held. */
const openStatuses: readonly ExecutionStatus[] = ['pending', 'running', 'waiting', 'suspended', 'faulted'];

const closedStatuses: Partial<Record<WorkflowExecutionStatusName, ExecutionStatus>> = {
  COMPLETED: 'completed',
  FAILED: 'faulted',
  TIMED_OUT: 'faulted',
  CANCELLED: 'cancelled',
  TERMINATED: 'cancelled',
};

/**
 * The status of an execution. What Temporal says of a closed one counts; `reported`, the execution's own word, only
 * refines a running one. A run that continued as new is running: its next run goes on.
 */
export function executionStatus(temporal: WorkflowExecutionStatusName, reported?: string): ExecutionStatus {
  const closed = closedStatuses[temporal];
  if (closed !== undefined) return closed;
  if (temporal === 'PAUSED') return 'suspended';
  if (temporal === 'CONTINUED_AS_NEW') return 'running';
  return openStatuses.find((status) => status === reported) ?? 'running';
}

/** True where the execution faulted and stays open until somebody retries or cancels it. */
export function isHeld(temporal: WorkflowExecutionStatusName, status: ExecutionStatus): boolean {
  return status === 'faulted' && !hasEnded(temporal);
}

/** Whether the interpreter runs the execution: only types of definitions have a dot. */
export function runsDefinition({ type }: Pick<WorkflowExecutionInfo, 'type'>): boolean {
  return type.includes('.');
}

/**
 * True while no worker has taken the execution: its history has nothing but the start, and its first task, which waits.
 * A run that goes on from an earlier one had a worker.
 */
export function isPending({
  status,
  historyLength,
  runId,
  raw,
}: Pick<WorkflowExecutionDescription, 'status' | 'historyLength' | 'runId' | 'raw'>): boolean {
  const { firstRunId } = raw.workflowExecutionInfo ?? {};
  return status.name === 'RUNNING' && historyLength <= 2 && (!firstRunId || firstRunId === runId);
}

/** True when nothing can happen to this run any more. */
export function hasEnded(temporal: WorkflowExecutionStatusName): boolean {
  return closedStatuses[temporal] !== undefined;
}

export interface ExecutionIdentity {
  readonly id: string;
  readonly runId: string;
  /** `namespace/name` of a definition, or the name of a TypeScript workflow. */
  readonly workflow: string;
  readonly version?: string;
}

type Described = Pick<WorkflowExecutionInfo, 'workflowId' | 'runId' | 'type' | 'memo' | 'searchAttributes'>;

/** Which execution this is, in the words of the API. */
export function executionIdentity(described: Described): ExecutionIdentity {
  const remembered = described.memo?.[memoKeys.workflow];
  const attribute = firstKeyword(described, searchAttributes.definition);
  return {
    id: described.workflowId,
    runId: described.runId,
    workflow: typeof remembered === 'string' ? remembered : (attribute ?? described.type),
    version: firstKeyword(described, searchAttributes.version),
  };
}

/** The status that the execution last wrote into its search attributes, if it is one. */
export function attributeStatus(described: Described): ExecutionStatus | undefined {
  const value = firstKeyword(described, searchAttributes.status);
  return executionStatuses.find((status) => status === value);
}

/** The type of the error that faulted the execution, as its search attribute has it (cut to 255 characters). */
export function attributeErrorType(described: Described): string | undefined {
  return firstKeyword(described, searchAttributes.errorType);
}

/** Where the Temporal Web UI shows a run; null where no Web UI is known. */
export function temporalUiLink({ temporal }: Settings, id: string, runId: string): string | null {
  if (temporal.uiUrl === undefined) return null;
  const path = `namespaces/${encodeURIComponent(temporal.namespace)}/workflows/${encodeURIComponent(id)}`;
  return `${temporal.uiUrl.replace(/\/$/, '')}/${path}/${runId}/history`;
}

function firstKeyword({ searchAttributes: values }: Described, name: string): string | undefined {
  const value: unknown = values[name]?.[0];
  return typeof value === 'string' ? value : undefined;
}
