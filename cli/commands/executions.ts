import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { executionStatuses } from '../../workflows/contract.ts';
import { apiClient, printDone, printJson, withCommonOptions } from '../context.ts';
import type { CliContext, CommonOptions } from '../context.ts';
import { formatDuration } from '../duration.ts';
import { executionText } from '../execution-text.ts';
import { readOptionalJson } from '../json-argument.ts';
import { formatTable } from '../table.ts';
import { taskPageText } from '../task-page-text.ts';

interface ListOptions extends CommonOptions {
  readonly status?: string;
  readonly workflow?: string;
  readonly limit: number;
}

interface TasksOptions extends CommonOptions {
  readonly before?: number;
  readonly limit: number;
  readonly run?: string;
}

/** `ls`, `show`, `tasks` and `signal`. */
export function addExecutionCommands(program: Command, context: CliContext): void {
  const { terminal } = context;
  const client = (options: CommonOptions): ReturnType<typeof apiClient> => apiClient(context, options);

  withCommonOptions(program.command('ls'))
    .description('list executions, newest first')
    .addOption(new Option('--status <status>', 'only those in this status').choices(executionStatuses))
    .option('--workflow <workflow>', 'only those of this workflow')
    .option('--limit <n>', 'at most so many, up to 500', positiveInteger, 20)
    .action(async ({ status, workflow, limit, ...options }: ListOptions) => {
      const { executions } = await client(options).executions({ status, workflow, limit: String(limit) });
      if (options.json) return printJson(terminal, executions);
      const rows = executions.map((execution) => [
        execution.id,
        execution.workflow,
        execution.version ?? '',
        execution.held ? `${execution.status}, held` : execution.status,
        execution.startedAt ?? '',
        duration(execution.startedAt, execution.endedAt),
      ]);
      terminal.out(formatTable(['ID', 'WORKFLOW', 'VERSION', 'STATUS', 'STARTED', 'DURATION'], rows));
    });

  withCommonOptions(program.command('show').argument('<id>', 'id of the execution'))
    .description('show one execution with its tasks')
    .action(async (id: string, options: CommonOptions) => {
      const execution = await client(options).execution(id);
      if (options.json) printJson(terminal, execution);
      else terminal.out(executionText(execution, Date.now(), terminal.style));
    });

  withCommonOptions(
    program.command('signal').argument('<id>', 'id of the execution').argument('<name>', 'signal'),
  )
    .description('send a signal to an execution')
    .option('--input <json>', 'what the signal carries: JSON, @file or @- for stdin')
    .addHelpText(
      'after',
      `
Example:
  $ perdure signal budget-7 decide --input '{"id":"1","who":"ada","verdict":"approve"}'`,
    )
    .action(async (id: string, name: string, options: CommonOptions & { readonly input?: string }) => {
      const input = await readOptionalJson(options.input, '--input');
      await client(options).signal(id, name, input);
      printDone(terminal, options, { id, signal: name }, `Signal ${name} was sent to ${id}`);
    });

  withCommonOptions(program.command('tasks').argument('<id>', 'id of the execution'))
    .description('list the task runs of an execution, the latest page first')
    .option('--before <seq>', 'only those with a smaller number', taskNumber)
    .option('--limit <n>', 'at most so many, up to 500', positiveInteger, 100)
    .option('--run <run>', 'begin with this run instead of the latest')
    .addHelpText(
      'after',
      `
Examples:
  $ perdure tasks order-1
  $ perdure tasks order-1 --before 2001 --limit 500`,
    )
    .action(async (id: string, { before, limit, run, ...options }: TasksOptions) => {
      const query = { before: before?.toString(), limit: String(limit), runId: run };
      const page = await client(options).tasks(id, query);
      if (options.json) printJson(terminal, page);
      else terminal.out(taskPageText(id, page, Date.now()));
    });
}

function duration(from: string | null | undefined, to: string | null | undefined): string {
  if (from == null) return '';
  return formatDuration((to == null ? Date.now() : Date.parse(to)) - Date.parse(from));
}

function positiveInteger(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0 && value <= 500) return value;
  throw new InvalidArgumentError('It must be a whole number from 1 to 500.');
}

function taskNumber(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('It must be the number of a task run, 1 or more.');
}
