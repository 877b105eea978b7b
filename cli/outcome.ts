import { formatDuration } from './duration.ts';
import type { Execution } from './responses.ts';
import { shellWord } from './terminal.ts';
import type { Terminal } from './terminal.ts';

/**
 * How an execution ended, with its output or error and the link to the Temporal Web UI. One that is held after a fault
 * has not ended for good: the text says what to do about it. Ends with a line break.
 */
export function outcomeText(execution: Execution, style: Terminal['style']): string {
  const { status, startedAt, endedAt, output, error, links } = execution;
  const took =
    startedAt == null || endedAt == null
      ? ''
      : ` after ${formatDuration(Date.parse(endedAt) - Date.parse(startedAt))}`;
  const held = execution.held === true;
  const state = held ? `${status}, held open` : status;
  const lines = [`${style(status === 'completed' ? 'good' : 'bad', state)}${took}`];
  if (error != null) lines.push(`error: ${JSON.stringify(error, null, 2)}`);
  if (status === 'completed') lines.push(`output: ${JSON.stringify(output ?? null, null, 2)}`);
  if (held) {
    const id = shellWord(execution.id);
    lines.push(`Retry it with: perdure retry ${id}    Give it up with: perdure cancel ${id}`);
  }
  if (links?.temporalUi != null) lines.push(`Temporal Web UI: ${links.temporalUi}`);
  return lines.map((line) => `${line}\n`).join('');
}
