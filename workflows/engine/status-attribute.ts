import { upsertSearchAttributes } from '@temporalio/workflow';
import type { Execution } from './execution.ts';
import { statusAttribute } from './search-attributes.ts';

// A change of the attribute is an event in the history: it has to be worth one.
const worthShowingMs = 5_000;

/**
 * Brings the status that lists filter by up to date, after something began or ended to wait or work. A wait shorter than
 * a few seconds is not shown.
 */
export function showStatus(execution: Execution, waitsMs = 0): void {
  const status = execution.log.status();
  const shown = execution.position.shownStatus ?? 'running';
  if (status === shown || (status === 'waiting' && waitsMs < worthShowingMs)) return;
  execution.position.shownStatus = status;
  upsertSearchAttributes([{ key: statusAttribute, value: status }]);
}
