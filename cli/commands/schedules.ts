import type { Command } from 'commander';
import { apiClient, printJson, withCommonOptions } from '../context.ts';
import type { CliContext, CommonOptions } from '../context.ts';
import { formatTable } from '../table.ts';
import { printable } from '../terminal.ts';

const actions = {
  trigger: {
    does: 'start one execution now, also while the schedule is paused',
    done: 'started one execution of',
  },
  pause: { does: 'start nothing until it is resumed', done: 'paused' },
  resume: { does: 'start executions again', done: 'resumed' },
} as const;

/** `schedules list`, `trigger`, `pause` and `resume`. */
export function addScheduleCommands(program: Command, context: CliContext): void {
  const { terminal } = context;
  const schedules = program.command('schedules').description('see and hold what starts by time');

  withCommonOptions(schedules.command('list'))
    .description('list the definitions that start by time, with their next starts')
    .action(async (options: CommonOptions) => {
      const { schedules: entries } = await apiClient(context, options).schedules();
      if (options.json) return printJson(terminal, entries);
      const rows = entries.map(({ workflow, paused, note, next }) => [
        workflow,
        paused ? 'paused' : 'runs',
        next[0] ?? '',
        note ?? '',
      ]);
      terminal.out(formatTable(['WORKFLOW', 'STATE', 'NEXT', 'NOTE'], rows));
    });

  for (const action of ['trigger', 'pause', 'resume'] as const) {
    withCommonOptions(schedules.command(action))
      .description(actions[action].does)
      .argument('<workflow>', 'namespace/name')
      .action(async (workflow: string, options: CommonOptions) => {
        await apiClient(context, options).schedule(workflow, action);
        if (options.json) return printJson(terminal, { workflow, accepted: true });
        terminal.out(`${actions[action].done} ${printable(workflow)}\n`);
      });
  }
}
