import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import type { Execution } from './execution.ts';
import { statusAttribute } from './search-attributes.ts';

// A change of the attribute is an event in the history: it has to be worth one.
const worthShowingMs = 5_000;

// The innermost, of very many.
const maxShown = 100;

/**
 * Tells the outside what is under way, after something began or ended to wait or work: the current details that the Web
 * UI shows, which cost nothing, and the status that lists filter by. A wait shorter than a few seconds does not change
 * that status.
 */
export function showStatus(execution: Execution, waitsMs = 0): void {
  setCurrentDetails(
    execution.log
      .underWay()
      .slice(-maxShown)
      .map(({ name, reference, status }) => `- **${name}** ${status} \`${reference}\``)
      .join('\n'),
  );
  const status = execution.status();
  const shown = execution.position.shownStatus ?? 'running';
  if (status === shown || (status === 'waiting' && waitsMs < worthShowingMs)) return;
  execution.position.shownStatus = status;
  upsertSearchAttributes([{ key: statusAttribute, value: status }]);
}
