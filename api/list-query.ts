/** Visibility queries of Temporal from the filters of a list (https://docs.temporal.io/list-filter). Pure. */
import { searchAttributes } from '../workflows/contract.ts';
import type { ExecutionStatus } from '../workflows/contract.ts';

export interface ListFilters {
  readonly workflow?: string;
  readonly version?: string;
  readonly status?: ExecutionStatus;
  /** ISO 8601; both bounds are exclusive. */
  readonly startedAfter?: string;
  readonly startedBefore?: string;
  readonly idPrefix?: string;
  readonly errorType?: string;
}

/** Search attributes of type keyword keep this much of a longer text. */
const keywordLength = 255;

/**
 * The executions that Perdure started and all given filters match. Runs that continued as new are left out: the
 * execution is listed with its latest run.
 */
export function listQuery(filters: ListFilters): string {
  const { definition, version, errorType } = searchAttributes;
  const clauses = [
    `${definition} IS NOT NULL`,
    `ExecutionStatus != 'ContinuedAsNew'`,
    filters.workflow !== undefined && `${definition} = ${quoted(filters.workflow)}`,
    filters.version !== undefined && `${version} = ${quoted(filters.version)}`,
    filters.status !== undefined && statusClause(filters.status),
    filters.startedAfter !== undefined && `StartTime > ${quoted(filters.startedAfter)}`,
    filters.startedBefore !== undefined && `StartTime < ${quoted(filters.startedBefore)}`,
    filters.idPrefix !== undefined && `WorkflowId STARTS_WITH ${quoted(filters.idPrefix)}`,
    filters.errorType !== undefined && `${errorType} = ${quoted(filters.errorType.slice(0, keywordLength))}`,
  ];
  return clauses.filter((clause) => clause !== false).join(' AND ');
}

/** A text literal of the query language: nothing in the value can end it. */
export function quoted(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

function statusClause(status: ExecutionStatus): string {
  switch (status) {
    case 'completed':
      return `ExecutionStatus = 'Completed'`;
    case 'cancelled':
      return `ExecutionStatus IN ('Canceled', 'Terminated')`;
    case 'faulted':
      return `(ExecutionStatus IN ('Failed', 'TimedOut') OR (${reported(status)}))`;
    default:
      return reported(status);
  }
}

/** Open executions that say this of themselves; of those that say `faulted`, they are held. */
function reported(status: ExecutionStatus): string {
  return `ExecutionStatus = 'Running' AND ${searchAttributes.status} = '${status}'`;
}
