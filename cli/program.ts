import { Command, Option } from 'commander';
import { runtimeVersion } from '../workflows/contract.ts';
import { addDeadLetterCommands } from './commands/dead-letters.ts';
import { addDefinitionCommands } from './commands/definitions.ts';
import { addEventCommands } from './commands/events.ts';
import { addExecutionCommands } from './commands/executions.ts';
import { addLockCommands } from './commands/locks.ts';
import { addOperationCommands } from './commands/operations.ts';
import { addRunCommand } from './commands/run.ts';
import { addScheduleCommands } from './commands/schedules.ts';
import { addStoreCommands } from './commands/store.ts';
import { addWorkflowsCommand } from './commands/workflows.ts';
import type { CliContext } from './context.ts';

/** The whole command line. `start`, `replay` and `bundle` stand in its help and are run by the launcher. */
export function createProgram(context: CliContext): Command {
  const { terminal } = context;
  const program = new Command('perdure')
    .description('Durable workflows on Temporal: Open Workflow documents and TypeScript behind one HTTP API.')
    .version(runtimeVersion, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show this help')
    // `run --version 1.2.0` means the definition's version.
    .enablePositionalOptions()
    .showHelpAfterError('Use --help to see what there is.')
    .configureOutput({ writeOut: (text) => terminal.out(text), writeErr: (text) => terminal.err(text) })
    .exitOverride()
    .addHelpText(
      'after',
      `
Environment:
  PERDURE_URL      address of the service (default http://127.0.0.1:$PORT, PORT 8080)
  PERDURE_API_KEY  API key, where the service wants one

Examples:
  $ perdure start
  $ perdure deploy examples/order-fulfilment/definition.yaml
  $ perdure run shop/order-fulfilment --input @examples/order-fulfilment/input.json
  $ perdure ls --status running

Exit codes: 0 done, 1 refused or not completed, 2 usage, 3 service not reachable, 130 interrupted.`,
    );
  addLauncherCommands(program);
  addDefinitionCommands(program, context);
  addRunCommand(program, context);
  addExecutionCommands(program, context);
  addOperationCommands(program, context);
  addEventCommands(program, context);
  addDeadLetterCommands(program, context);
  addScheduleCommands(program, context);
  addLockCommands(program, context);
  addWorkflowsCommand(program, context);
  addStoreCommands(program, context);
  return program;
}

/** Only their place in the help: the launcher takes them before this program is loaded. */
function addLauncherCommands(program: Command): void {
  program
    .command('start')
    .description('start the service: API, worker and, where needed, a Temporal server')
    .addOption(
      new Option('--role <role>', 'what to run').choices(['all', 'api', 'worker', 'bridge']).default('all'),
    )
    .option('--watch', 'restart on every change of the sources, as npm run dev does')
    .addHelpText('after', '\nSettings: temporal-config.yaml and the environment, see docs/configuration.md.');
  program
    .command('replay')
    .argument('[dir...]', 'folders of recorded histories, *.json')
    .description('replay recorded or live histories against the current workflow code')
    .option('--namespace <name>', 'histories of this Temporal namespace instead of folders')
    .option('--query <query>', "which of them, in Temporal's list filter language; all unless given")
    .addHelpText(
      'after',
      `
Exit codes: 0 all replay, 1 one does not, 2 there is nothing to replay. See docs/operations/replay.md.

Examples:
  $ perdure replay test/histories
  $ perdure replay --namespace perdure --query 'ExecutionStatus="Running"'`,
    );
  program
    .command('bundle')
    .description('build the workflow bundle ahead of the start, for an image')
    .requiredOption('--out <file>', 'where to write it; PERDURE_WORKFLOW_BUNDLE names it to the service');
}
