import type { Command } from 'commander';
import type { Json } from '../../dsl/json.ts';
import { apiClient, printJson, withCommonOptions } from '../context.ts';
import type { CliContext, CommonOptions } from '../context.ts';
import { countUpTo } from '../count-argument.ts';
import { CliError, exitCodes } from '../exit-codes.ts';
import { readJsonArgument } from '../json-argument.ts';
import type { RoutedEvent } from '../responses.ts';
import { formatTable } from '../table.ts';
import { printable } from '../terminal.ts';

interface SendOptions extends CommonOptions {
  readonly type?: string;
  readonly source?: string;
  readonly id?: string;
  readonly subject?: string;
  readonly data?: string;
  readonly event?: string;
}

interface ListOptions extends CommonOptions {
  readonly type?: string;
  readonly source?: string;
  readonly waiting?: boolean;
  readonly limit: number;
}

/** `events send` and `events list`. */
export function addEventCommands(program: Command, context: CliContext): void {
  const { terminal } = context;
  const events = program.command('events').description('send events to executions, and see the inbox');

  withCommonOptions(events.command('send'))
    .description('send a CloudEvent to whoever listens for it')
    .option('--type <type>', 'type of the event')
    .option('--source <uri>', 'where it comes from', 'perdure:cli')
    .option('--id <id>', 'id; the same source and id act once (default: a new one)')
    .option('--subject <subject>', 'what it is about')
    .option('--data <json>', 'what it carries: JSON, @file or @- for stdin')
    .option('--event <json>', 'the whole event, or a list of events, instead: JSON, @file or @- for stdin')
    .addHelpText(
      'after',
      `
Example:
  $ perdure events send --type shop.order.paid --data '{"order":"A-1"}'`,
    )
    .action(async (options: SendOptions) => {
      const { events: routed } = await apiClient(context, options).sendEvents(await eventsFrom(options));
      if (options.json) return printJson(terminal, routed);
      for (const event of routed) terminal.out(`${printable(outcome(event))}\n`);
    });

  withCommonOptions(events.command('list').alias('ls'))
    .description('list the events of the last minutes, with who acted on them')
    .option('--type <type>', 'only those of this type')
    .option('--source <uri>', 'only those from there')
    .option('--waiting', 'only those on which no definition has acted')
    .option('--limit <n>', 'at most so many, up to 10000', countUpTo(10_000), 500)
    .addHelpText(
      'after',
      `
Examples:
  $ perdure events ls --type shop.order.paid
  $ perdure events ls --waiting --json`,
    )
    .action(async ({ type, source, waiting, limit, ...options }: ListOptions) => {
      const query = { type, source, matched: waiting ? 'false' : undefined };
      const entries = await apiClient(context, options).inbox(query, limit);
      if (options.json) return printJson(terminal, entries);
      const rows = entries.map(({ event, ageSeconds, expiresAt, consumedBy }) => [
        event.type,
        event.id,
        event.source,
        `${ageSeconds} s`,
        expiresAt,
        consumedBy.length === 0 ? 'waits' : consumedBy.join(', '),
      ]);
      terminal.out(formatTable(['TYPE', 'ID', 'SOURCE', 'AGE', 'EXPIRES', 'MATCHED'], rows));
    });
}

async function eventsFrom(options: SendOptions): Promise<Json> {
  const { type, source = '', subject, id = crypto.randomUUID() } = options;
  if (options.event !== undefined) return await readJsonArgument(options.event);
  if (type === undefined)
    throw new CliError(exitCodes.usage, 'An event needs --type, or --event with all of it');
  const data = options.data === undefined ? undefined : await readJsonArgument(options.data);
  return {
    specversion: '1.0',
    id,
    source,
    type,
    ...(subject === undefined ? {} : { subject }),
    ...(data === undefined ? {} : { data, datacontenttype: 'application/json' }),
  };
}

/** What came of an event, in one line. */
export function outcome({ id, delivered, started }: RoutedEvent): string {
  const reached = [
    ...(delivered.count === 0 ? [] : [`delivered to ${reachedBy(delivered)}`]),
    ...(started.count === 0 ? [] : [`started ${reachedBy(started)}`]),
  ];
  return `${id}: ${reached.length === 0 ? 'nobody listens yet; it waits in the inbox' : reached.join(', ')}`;
}

function reachedBy({ count, executions }: RoutedEvent['delivered']): string {
  const more = count - executions.length;
  return `${executions.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
