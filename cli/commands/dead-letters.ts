import type { Command } from 'commander';
import { Option } from 'commander';
import { deadReasons } from '../../backends/events/failure.ts';
import type { JsonObject } from '../../dsl/json.ts';
import { apiClient, printDone, printJson, withCommonOptions } from '../context.ts';
import type { CliContext, CommonOptions } from '../context.ts';
import { countUpTo } from '../count-argument.ts';
import { deadLetterText } from '../dead-letter-text.ts';
import { CliError, exitCodes } from '../exit-codes.ts';
import { formatTable } from '../table.ts';
import { printable } from '../terminal.ts';
import { outcome } from './events.ts';

interface FilterOptions extends CommonOptions {
  readonly reason?: string;
  readonly type?: string;
}

/** `dead-letters ls`, `show`, `redrive` and `drop`. */
export function addDeadLetterCommands(program: Command, context: CliContext): void {
  const letters = program
    .command('dead-letters')
    .description('see the events that could not be routed, send them again or let them go');
  addList(letters, context);
  addShow(letters, context);
  addRedrive(letters, context);
  addDrop(letters, context);
}

function withFilters(command: Command): Command {
  return withCommonOptions(command)
    .addOption(new Option('--reason <reason>', 'only those that died of this').choices(deadReasons))
    .option('--type <type>', 'only events of this type');
}

function addList(letters: Command, context: CliContext): void {
  const { terminal } = context;
  withFilters(letters.command('ls').alias('list'))
    .description('list them, the latest first')
    .option('--limit <n>', 'at most so many, up to 10000', countUpTo(10_000), 100)
    .addHelpText(
      'after',
      `
Examples:
  $ perdure dead-letters ls
  $ perdure dead-letters ls --reason too-large --type shop.order.paid`,
    )
    .action(async ({ reason, type, limit, ...options }: FilterOptions & { readonly limit: number }) => {
      const found = await apiClient(context, options).deadLetters({ reason, type }, limit);
      if (options.json) return printJson(terminal, found);
      const rows = found.map(({ id, reason: why, event, failedAt, attempts, detail }) => [
        id,
        why,
        event.type ?? '',
        event.id ?? '',
        failedAt,
        String(attempts),
        detail.length > 80 ? `${detail.slice(0, 79)}…` : detail,
      ]);
      terminal.out(formatTable(['ID', 'REASON', 'TYPE', 'EVENT', 'FAILED', 'TRIES', 'DETAIL'], rows));
    });
}

function addShow(letters: Command, context: CliContext): void {
  const { terminal } = context;
  withCommonOptions(letters.command('show').argument('<id>', 'id of the dead letter'))
    .description('show one with its content')
    .addHelpText(
      'after',
      `
Example:
  $ perdure dead-letters show 01764124616123-6f1c0b7a9d2e4f5a8b3c1d2e`,
    )
    .action(async (id: string, options: CommonOptions) => {
      const letter = await apiClient(context, options).deadLetter(id);
      if (options.json) printJson(terminal, letter);
      else terminal.out(deadLetterText(letter));
    });
}

function addRedrive(letters: Command, context: CliContext): void {
  const { terminal, endWith } = context;
  withFilters(letters.command('redrive').argument('[id]', 'id of the dead letter'))
    .description('send one again, or with --all every one that the filters leave')
    .option('--all', 'all of them')
    .addHelpText(
      'after',
      `
What is routed is gone from the list; what is not stays, and the command exits with 1.

Examples:
  $ perdure dead-letters redrive 01764124616123-6f1c0b7a9d2e4f5a8b3c1d2e
  $ perdure dead-letters redrive --all --reason refused-by-temporal`,
    )
    .action(
      async (id: string | undefined, { all, ...options }: FilterOptions & { readonly all?: boolean }) => {
        if ((id === undefined) !== (all === true)) {
          throw new CliError(exitCodes.usage, 'Name one dead letter, or say --all');
        }
        if (id !== undefined) {
          const routed = await apiClient(context, options).redrive(id);
          return printDone(terminal, options, routed, outcome(routed));
        }
        const { tried, routed, dead } = await redriveAll(context, options);
        printDone(
          terminal,
          options,
          { tried, routed, dead },
          `${routed} of ${tried} were routed, ${dead} stay`,
        );
        if (dead > 0) endWith(exitCodes.refused);
      },
    );
}

async function redriveAll(context: CliContext, { reason, type, ...options }: FilterOptions) {
  const client = apiClient(context, options);
  const filters: JsonObject = {
    ...(reason === undefined ? {} : { reason }),
    ...(type === undefined ? {} : { type }),
  };
  const sum = { tried: 0, routed: 0, dead: 0 };
  let cursor: string | undefined;
  do {
    const page = await client.redriveMany(cursor === undefined ? filters : { ...filters, cursor });
    sum.tried += page.tried;
    sum.routed += page.routed;
    sum.dead += page.dead;
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return sum;
}

function addDrop(letters: Command, context: CliContext): void {
  const { terminal } = context;
  withCommonOptions(letters.command('drop').argument('<id...>', 'ids of dead letters'))
    .description('let them go for good')
    .addHelpText(
      'after',
      `
Example:
  $ perdure dead-letters drop 01764124616123-6f1c0b7a9d2e4f5a8b3c1d2e`,
    )
    .action(async (ids: readonly string[], options: CommonOptions) => {
      const client = apiClient(context, options);
      for (const id of ids) await client.dropDeadLetter(id);
      printDone(terminal, options, { dropped: ids }, printable(`dropped ${ids.join(', ')}`));
    });
}
