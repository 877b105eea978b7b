import type { Command } from 'commander';
import type { JsonObject } from '../../dsl/json.ts';
import { ApiProblem } from '../client.ts';
import { apiClient, printDone, printJson, withCommonOptions } from '../context.ts';
import type { CliContext, CommonOptions } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { readOptionalJson } from '../json-argument.ts';
import * as responses from '../operation-responses.ts';
import { migrationPlanText, retryPlanText, tasksText, underWayText } from '../operation-text.ts';
import { shellWord } from '../terminal.ts';

interface OperationOptions extends CommonOptions {
  readonly dryRun?: boolean;
}

/** `suspend`, `resume`, `retry`, `migrate`, `cancel` and `terminate`. */
export function addOperationCommands(program: Command, context: CliContext): void {
  addSuspend(program, context);
  addRetry(program, context);
  addMigrate(program, context);
  addCancel(program, context);
  addTerminate(program, context);
}

function operation(program: Command, name: string, description: string, examples: string): Command {
  const command = program.command(name).argument('<id>', 'id of the execution').description(description);
  return withCommonOptions(command)
    .option('--dry-run', 'say what would happen and change nothing')
    .addHelpText('after', `\nExamples:\n${examples.replaceAll(/^/gm, '  $ perdure ')}`);
}

function addSuspend(program: Command, context: CliContext): void {
  const { terminal } = context;
  const does = {
    suspend: 'hold an execution at its next task',
    resume: 'let a suspended execution go on',
  };
  for (const name of ['suspend', 'resume'] as const) {
    operation(program, name, does[name], `${name} order-1\n${name} order-1 --dry-run`).action(
      async (id: string, { dryRun, ...options }: OperationOptions) => {
        const answer = await apiClient(context, options).operate(responses.changed, id, name, { dryRun });
        if (!dryRun) return printDone(terminal, options, answer, `${id} is ${answer.status}`);
        if (options.json) return printJson(terminal, answer);
        const would = answer.wouldChange === false ? `; ${name} would change nothing` : '';
        terminal.out(`${id} is ${answer.status}${would}\n`);
        terminal.out(tasksText(answer.tasks, terminal.style));
      },
    );
  }
}

function addRetry(program: Command, context: CliContext): void {
  const { terminal } = context;
  const examples = `retry order-1\nretry order-1 --input '{"card":"4000-0000"}'\nretry order-1 --dry-run`;
  operation(program, 'retry', 'let a faulted execution go on at the task that faulted', examples)
    .option('--input <json>', 'what that task gets instead of the input it had: JSON, @file or @- for stdin')
    .action(async (id: string, { dryRun, input: text, ...options }: RetryOptions) => {
      const client = apiClient(context, options);
      const input = await readOptionalJson(text, '--input');
      const body: JsonObject = input === undefined ? {} : { input };
      if (dryRun) {
        const plan = await client.operate(responses.retryPlan, id, 'retry', { body, dryRun });
        if (options.json) printJson(terminal, plan);
        else terminal.out(retryPlanText(id, plan));
        if (!plan.possible) context.endWith(exitCodes.refused);
        return;
      }
      const answer = await client.operate(responses.retry, id, 'retry', { body });
      const how = answer.runId === undefined ? 'in place' : `as run ${answer.runId}`;
      printDone(
        terminal,
        options,
        answer,
        `${id} goes on ${how}. See it with: perdure show ${shellWord(id)}`,
      );
    });
}

interface RetryOptions extends OperationOptions {
  readonly input?: string;
}

function addMigrate(program: Command, context: CliContext): void {
  const { terminal } = context;
  const examples = 'migrate order-1 --to 2.0.0 --dry-run\nmigrate order-1 --to 2.0.0';
  operation(program, 'migrate', 'let an execution go on with another version of its definition', examples)
    .requiredOption('--to <version>', 'a deployed version of the same definition, or latest')
    .action(async (id: string, { dryRun, to, ...options }: OperationOptions & { readonly to: string }) => {
      const client = apiClient(context, options);
      const body = { version: to };
      try {
        const plan = await client.operate(responses.migrationPlan, id, 'migrate', { body, dryRun });
        if (options.json) printJson(terminal, plan);
        else terminal.out(migrationPlanText(id, plan));
        if (!plan.possible) context.endWith(exitCodes.refused);
        else if (!dryRun && !options.json) terminal.out(`It moves at its next task.\n`);
      } catch (error) {
        const plan =
          error instanceof ApiProblem && responses.migrationPlan.safeParse(error.problem.plan).data;
        if (plan) terminal.err(migrationPlanText(id, plan));
        throw error;
      }
    });
}

function addCancel(program: Command, context: CliContext): void {
  const { terminal } = context;
  const examples = 'cancel order-1\ncancel order-1 --dry-run\ncancel order-1 --no-compensate';
  operation(program, 'cancel', 'ask an execution to stop; it undoes its work first', examples)
    .option('--no-compensate', 'stop without undoing what was done')
    .action(async (id: string, { dryRun, compensate, ...options }: CancelOptions) => {
      const body: JsonObject = compensate ? {} : { compensate };
      const answer = await apiClient(context, options).operate(responses.underWay, id, 'cancel', {
        body,
        dryRun,
      });
      if (!dryRun) {
        return printDone(terminal, options, { id, cancel: 'requested' }, `Asked ${id} to cancel`);
      }
      if (options.json) return printJson(terminal, answer);
      terminal.out(underWayText(id, answer, 'Children that would be cancelled too:', terminal.style));
    });
}

interface CancelOptions extends OperationOptions {
  readonly compensate: boolean;
}

function addTerminate(program: Command, context: CliContext): void {
  const { terminal } = context;
  const examples = `terminate order-1 --reason 'a test order'\nterminate order-1 --reason 'a test' --dry-run`;
  operation(program, 'terminate', 'end an execution at once; nothing is undone', examples)
    .requiredOption('--reason <text>', 'why, kept in the history')
    .action(async (id: string, { dryRun, reason, ...options }: TerminateOptions) => {
      const request = { body: { reason }, dryRun };
      const answer = await apiClient(context, options).operate(responses.underWay, id, 'terminate', request);
      if (!dryRun) return printDone(terminal, options, { id, terminated: true }, `Terminated ${id}`);
      if (options.json) return printJson(terminal, answer);
      terminal.out(underWayText(id, answer, 'Children that would go on by themselves:', terminal.style));
    });
}

interface TerminateOptions extends OperationOptions {
  readonly reason: string;
}
