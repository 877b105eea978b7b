import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { executionStatuses } from '../../workflows/contract.ts';
import { apiClient, printJson, withCommonOptions } from '../context.ts';
import type { CliContext, CommonOptions } from '../context.ts';
import { formatDuration } from '../duration.ts';
import { hasEnded } from '../follow.ts';
import { readJsonArgument } from '../json-argument.ts';
import { outcomeText } from '../outcome.ts';
import { taskLine } from '../progress.ts';
import type { Execution } from '../responses.ts';
import { formatTable } from '../table.ts';
import { printable } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';

interface ListOptions extends CommonOptions {
  readonly status?: string;
  readonly workflow?: string;
  readonly limit: number;
}

/** `ls`, `show`, `signal`, `cancel` and `terminate`. */
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
        execution.status,
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
      else terminal.out(executionText(execution, terminal));
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
      const input = options.input === undefined ? undefined : await readJsonArgument(options.input);
      await client(options).signal(id, name, input);
      done(terminal, options, { id, signal: name }, `Signal ${name} was sent to ${id}`);
    });

  withCommonOptions(program.command('cancel').argument('<id>', 'id of the execution'))
    .description('ask an execution to stop; it may clean up first')
    .action(async (id: string, options: CommonOptions) => {
      await client(options).cancel(id);
      done(terminal, options, { id, cancel: 'requested' }, `Asked ${id} to cancel`);
    });

  withCommonOptions(program.command('terminate').argument('<id>', 'id of the execution'))
    .description('end an execution at once, without clean-up')
    .requiredOption('--reason <text>', 'why, kept in the history')
    .action(async (id: string, options: CommonOptions & { readonly reason: string }) => {
      await client(options).terminate(id, options.reason);
      done(terminal, options, { id, terminated: true }, `Terminated ${id}`);
    });
}

function done(terminal: Terminal, options: CommonOptions, json: unknown, text: string): void {
  if (options.json) printJson(terminal, json);
  else terminal.out(`${printable(text)}\n`);
}

function executionText(execution: Execution, { style }: Terminal): string {
  const { id, workflow, version, status, startedAt, input, omittedTasks, links } = execution;
  const lines = [
    `id:       ${id}`,
    `workflow: ${workflow}${version == null ? '' : ` ${version}`}`,
    `status:   ${status}`,
    `started:  ${startedAt ?? ''}`,
    `input:    ${JSON.stringify(input ?? null)}`,
    '',
    ...(omittedTasks ? [`  ${omittedTasks} earlier tasks`] : []),
    ...execution.tasks.map((task) => taskLine(task, Date.now(), style)),
  ];
  if (!hasEnded(execution) && links?.temporalUi != null) lines.push(`Temporal Web UI: ${links.temporalUi}`);
  const end = hasEnded(execution) ? outcomeText(execution, style) : '';
  return lines.map((line) => `${line}\n`).join('') + end;
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
