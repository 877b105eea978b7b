import type { Command } from 'commander';
import { apiClient, printJson, withCommonOptions } from '../context.ts';
import type { CliContext, CommonOptions } from '../context.ts';
import { formatTable } from '../table.ts';

/** `workflows`: everything that can be started. */
export function addWorkflowsCommand(program: Command, context: CliContext): void {
  withCommonOptions(program.command('workflows'))
    .description('list everything that can be started')
    .action(async (options: CommonOptions) => {
      const { workflows } = await apiClient(context, options).workflows();
      if (options.json) return printJson(context.terminal, workflows);
      const rows = workflows.map(({ workflow, kind, version, title }) => [
        workflow,
        kind,
        version ?? '',
        title ?? '',
      ]);
      context.terminal.out(formatTable(['WORKFLOW', 'KIND', 'VERSION', 'TITLE'], rows));
    });
}
