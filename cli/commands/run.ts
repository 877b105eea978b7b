import type { Command } from 'commander';
import { apiClient, printJson, withCommonOptions } from '../context.ts';
import type { CliContext, CommonOptions } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { followExecution } from '../follow.ts';
import { readJsonArgument } from '../json-argument.ts';
import { outcomeText } from '../outcome.ts';
import { ProgressView } from '../progress.ts';

interface RunOptions extends CommonOptions {
  readonly input?: string;
  readonly id?: string;
  readonly version?: string;
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
    .option('--no-follow', 'print the id and do not wait')
    .addHelpText(
      'after',
      `
Examples:
  $ perdure run shop/order-fulfilment --input @examples/order-fulfilment/input.json
  $ perdure run shop/price-order --input '{"lines":[{"price":5,"quantity":2}]}' --json`,
    )
    .action((workflow: string, options: RunOptions) => runWorkflow(context, workflow, options));
}

async function runWorkflow(context: CliContext, workflow: string, options: RunOptions): Promise<void> {
  const { terminal } = context;
  const client = apiClient(context, options);
  const input = options.input === undefined ? undefined : await readJsonArgument(options.input);
  const { id, version } = options;
  const started = await client.start({ workflow, version, input, id });
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
