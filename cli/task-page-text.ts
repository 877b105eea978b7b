import type { z } from 'zod';
import { formatDuration } from './duration.ts';
import type { taskPage } from './responses.ts';
import { formatTable } from './table.ts';
import { shellWord } from './terminal.ts';

/** A page of task runs as a table, and how to see the page before. `now` is in milliseconds since the epoch. */
export function taskPageText(
  id: string,
  { tasks, before, runId, earlierUnavailable }: z.infer<typeof taskPage>,
  now: number,
): string {
  const rows = tasks.map(({ seq, reference, status, attempt, startedAt, endedAt }) => {
    const ended = endedAt == null ? now : Date.parse(endedAt);
    const took = formatDuration(ended - Date.parse(startedAt));
    return [String(seq), reference, status, String(attempt), startedAt, took];
  });
  const table = formatTable(['SEQ', 'TASK', 'STATUS', 'ATTEMPT', 'STARTED', 'DURATION'], rows);
  if (before !== null)
    return `${table}Earlier ones: perdure tasks ${shellWord(id)} --before ${before} --run ${runId}\n`;
  return earlierUnavailable ? `${table}Earlier ones are past their retention time.\n` : table;
}
