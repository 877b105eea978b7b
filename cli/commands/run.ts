import type { Command } from 'commander';
import type { Json, JsonObject } from '../../dsl/json.ts';
import { apiClient, printJson, withCommonOptions } from '../context.ts';
import type { CliContext, CommonOptions } from '../context.ts';
import { CliError, exitCodes } from '../exit-codes.ts';
import { followExecution } from '../follow.ts';
import { readOptionalJson } from '../json-argument.ts';
import { outcomeText } from '../outcome.ts';
import { ProgressView } from '../progress.ts';

interface RunOptions extends CommonOptions {
  readonly input?: string;
  readonly id?: string;
  readonly version?: string;
  readonly startAt?: string;
  readonly data?: string;
  readonly context?: string;
  readonly iterations?: string;
  readonly follow: boolean;
}

/** `run`: starts an execution and shows its tasks until it has ended. */
export function addRunCommand(program: Command, context: CliContext): void {
  withCommonOptions(
    program.command('run').argument('<workflow>', 'namespace/name, or the name of a TypeScript workflow'),
  )
    .description('start an execution and follow it')
    .option('--input <json>', 'the input: JSON, @file or @- for stdin')
    .option('--id <id>', 'id of the execution (default: a random one)')
    .option('--version <version>', 'version of the definition (default: the latest)')
    .option('--start-at <task>', 'begin at this task of the definition, such as /do/2/ship')
    .option('--data <json>', 'with --start-at: what the task gets as its input')
    .option('--context <json>', 'with --start-at: what $context is')
    .option('--iterations <json>', 'with --start-at: iteration to begin with, by the reference of a for task')
    .option('--no-follow', 'print the id and do not wait')
    .addHelpText(
      'after',
      `
Examples:
  $ perdure run shop/order-fulfilment --input @examples/order-fulfilment/input.json
  $ perdure run shop/price-order --input '{"lines":[{"price":5,"quantity":2}]}' --json
  $ perdure run demo/parcel --input '{"order":"A-1"}' --start-at /do/1/ship --data '{"weight":2}'`,
    )
    .action((workflow: string, options: RunOptions) => runWorkflow(context, workflow, options));
}

async function runWorkflow(context: CliContext, workflow: string, options: RunOptions): Promise<void> {
  const { terminal } = context;
  const client = apiClient(context, options);
  const input = await readOptionalJson(options.input, '--input');
  const { id, version } = options;
  const started = await client.start({ workflow, version, input, id, startAt: await startAtOf(options) });
  if (!options.follow) {
    if (options.json) printJson(terminal, started);
    else terminal.out(`${started.id}\n`);
    return;
  }

  const interruption = new AbortController();
  const interrupt = (): void => interruption.abort();
  process.once('SIGINT', interrupt);
  try {
    if (!options.json) terminal.err(`Execution ${started.id} of ${started.workflow}\n`);
    const view = options.json ? undefined : new ProgressView(terminal);
    const ended = await followExecution(
      client,
      started.id,
      (execution) => view?.update(execution, Date.now()),
      interruption.signal,
    );
    if (ended === undefined) {
      terminal.err(`The execution goes on. See it with: perdure show ${started.id}\n`);
      return context.endWith(exitCodes.interrupted);
    }
    if (options.json) printJson(terminal, ended);
    else terminal.out(outcomeText(ended, terminal.style));
    if (ended.status !== 'completed') context.endWith(exitCodes.refused);
  } finally {
    process.removeListener('SIGINT', interrupt);
  }
}

/** Where to begin, as the API takes it; undefined at the first task. */
async function startAtOf(options: RunOptions): Promise<JsonObject | undefined> {
  const { startAt: task } = options;
  const place: Record<string, Json> = {};
  for (const name of ['data', 'context', 'iterations'] as const) {
    if (task === undefined && options[name] !== undefined)
      throw new CliError(exitCodes.usage, `--${name} goes with --start-at, which names the task`);
    const value = await readOptionalJson(options[name], `--${name}`);
    if (value !== undefined) place[name] = value;
  }
  return task === undefined ? undefined : { task, ...place };
}
