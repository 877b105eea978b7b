/** An execution as `show` tells it. */
import { hasEnded } from './follow.ts';
import { outcomeText } from './outcome.ts';
import { taskLine } from './progress.ts';
import type { CompensationView, Execution } from './responses.ts';
import { printable } from './terminal.ts';
import type { Terminal } from './terminal.ts';

type Style = Terminal['style'];

/** State, tasks, compensations and children, then how it ended. `now` is in milliseconds since the epoch. */
export function executionText(execution: Execution, now: number, style: Style): string {
  const { omittedTasks, links } = execution;
  const lines = [
    ...stateLines(execution),
    '',
    ...(omittedTasks ? [`  ${omittedTasks} earlier tasks`] : []),
    ...execution.tasks.map((task) => taskLine(task, now, style)),
    ...compensationLines(execution, style),
    ...childLines(execution),
  ];
  if (!hasEnded(execution) && links?.temporalUi != null) lines.push(`Temporal Web UI: ${links.temporalUi}`);
  const end = hasEnded(execution) ? outcomeText(execution, style) : '';
  return lines.map((line) => `${line}\n`).join('') + end;
}

function stateLines(execution: Execution): string[] {
  const { id, workflow, version, status, startedAt, input } = execution;
  const { suspendedAt, migration, retryOf, retriedAs } = execution;
  return [
    `id:       ${id}`,
    `workflow: ${workflow}${version == null ? '' : ` ${version}`}`,
    `status:   ${status}${execution.held ? ', held open' : ''}`,
    `started:  ${startedAt ?? ''}`,
    `input:    ${JSON.stringify(input ?? null)}`,
    ...(suspendedAt == null ? [] : [`suspended since ${suspendedAt}`]),
    ...(retryOf == null ? [] : [`retries the run ${retryOf}`]),
    ...(retriedAs == null ? [] : [`was retried as the run ${retriedAs}`]),
    ...(migration == null
      ? []
      : [
          `migration to ${migration.version} ${migration.state === 'pending' ? 'is pending' : 'was refused'}`,
          ...migration.obstacles.map(({ reference, reason }) => `  ${printable(`${reference}: ${reason}`)}`),
        ]),
  ];
}

function compensationLines({ compensations, omittedCompensations }: Execution, style: Style): string[] {
  if (compensations == null || compensations.length === 0) return [];
  return [
    '',
    'to undo:',
    ...compensations.map((one) => compensationLine(one, style)),
    ...(omittedCompensations ? [`  ${omittedCompensations} more`] : []),
  ];
}

/** One compensation as a line without a break. */
export function compensationLine({ name, status, reference }: CompensationView, style: Style): string {
  const kind = status === 'failed' ? 'bad' : status === 'completed' ? 'good' : 'faint';
  return `  ${printable(name).padEnd(28)} ${style(kind, status.padEnd(10))} ${printable(reference)}`;
}

function childLines({ children }: Execution): string[] {
  if (children == null || children.length === 0) return [];
  return ['', 'children:', ...children.map(({ workflowId }) => `  ${printable(workflowId)}`)];
}
