/** What operations would do, for people. Each text ends with a line break. */
import { compensationLine } from './execution-text.ts';
import type { MigrationPlan, RetryPlan, UnderWay } from './operation-responses.ts';
import { taskLine } from './progress.ts';
import type { TaskRunView } from './responses.ts';
import { printable } from './terminal.ts';
import type { Terminal } from './terminal.ts';

type Style = Terminal['style'];

/** The tasks under way; nothing where there are none. */
export function tasksText(tasks: readonly TaskRunView[], style: Style): string {
  return section(
    'Tasks under way:',
    tasks.map((task) => `  ${taskLine(task, Date.now(), style)}`),
  );
}

/** What a cancel or a terminate would do; `ofChildren` says what becomes of them. */
export function underWayText(id: string, state: UnderWay, ofChildren: string, style: Style): string {
  const { status, tasks, compensations, leftUndone, children, tasksUnavailable } = state;
  return [
    line(`${id} is ${status ?? 'open'}; nothing was changed.`),
    tasksUnavailable === undefined ? '' : line(`What it is at is not known: ${tasksUnavailable}`),
    tasksText(tasks, style),
    section(
      'Would be undone, in this order:',
      compensations.map((one) => compensationLine(one, style)),
    ),
    section(
      'Would not be undone:',
      leftUndone.map((one) => compensationLine(one, style)),
    ),
    section(
      ofChildren,
      children.map(({ workflowId }) => `  ${printable(workflowId)}`),
    ),
  ].join('');
}

/** What a retry would do. */
export function retryPlanText(id: string, plan: RetryPlan): string {
  if (!plan.possible) return line(`${id} cannot be retried: ${plan.reason ?? ''}`);
  const where = plan.task === undefined ? 'where it faulted' : `at ${plan.task.reference}`;
  const how = plan.inPlace === true ? 'in place' : 'as a new run';
  return line(`${id} would go on ${where}, ${how}; nothing was changed.`);
}

/** How two versions differ, and what stands in the way. */
export function migrationPlanText(id: string, plan: MigrationPlan): string {
  const { possible, from, to, differences, obstacles } = plan;
  return [
    line(`${id} ${possible ? 'can go on' : 'cannot go on'} with version ${to}; it runs ${from}.`),
    section(
      'Differences:',
      differences.map(({ change, reference, from: before }) => {
        const moved = before === undefined ? '' : ` from ${before}`;
        return `  ${change.padEnd(8)} ${printable(reference + moved)}`;
      }),
    ),
    section(
      'In the way:',
      obstacles.map(({ reference, reason }) => `  ${printable(`${reference}: ${reason}`)}`),
    ),
  ].join('');
}

function line(text: string): string {
  return `${printable(text)}\n`;
}

/** Lines under a heading; nothing where there are none. */
function section(heading: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : [heading, ...lines].map((text) => `${text}\n`).join('');
}
