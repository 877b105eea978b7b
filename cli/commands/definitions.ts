import type { Command } from 'commander';
import { ApiProblem } from '../client.ts';
import type { ApiClient } from '../client.ts';
import { apiClient, printJson, withCommonOptions } from '../context.ts';
import type { CliContext, CommonOptions } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { formatFindings } from '../findings.ts';
import { readText } from '../json-argument.ts';
import type { Checked } from '../responses.ts';
import { formatTable } from '../table.ts';

interface FileResult {
  readonly file: string;
  readonly outcome: 'deployed' | 'unchanged' | 'valid' | 'refused';
  readonly checked?: Checked;
  readonly problem?: ApiProblem;
  readonly source: string;
}

/** `deploy`, `validate` and `definitions`. */
export function addDefinitionCommands(program: Command, context: CliContext): void {
  withCommonOptions(program.command('deploy').argument('<file...>', 'definitions, YAML or JSON; - is stdin'))
    .description('deploy definitions')
    .addHelpText('after', '\nExample:\n  $ perdure deploy examples/*/definition.yaml')
    .action((files: string[], options: CommonOptions) =>
      sendFiles(context, options, files, async (client, source, type) => {
        const { created, checked } = await client.deploy(source, type);
        return { outcome: created ? 'deployed' : 'unchanged', checked };
      }),
    );

  withCommonOptions(
    program.command('validate').argument('<file...>', 'definitions, YAML or JSON; - is stdin'),
  )
    .description('check definitions without storing them')
    .action((files: string[], options: CommonOptions) =>
      sendFiles(context, options, files, async (client, source, type) => ({
        outcome: 'valid',
        checked: await client.validate(source, type),
      })),
    );

  withCommonOptions(program.command('definitions'))
    .description('list the deployed definitions')
    .action(async (options: CommonOptions) => {
      const { definitions } = await apiClient(context, options).definitions();
      if (options.json) return printJson(context.terminal, definitions);
      const rows = definitions.map(({ namespace, name, latest, title }) => [
        `${namespace}/${name}`,
        latest,
        title ?? '',
      ]);
      context.terminal.out(formatTable(['DEFINITION', 'LATEST', 'TITLE'], rows));
    });
}

type Send = (
  client: ApiClient,
  source: string,
  type: string,
) => Promise<Pick<FileResult, 'outcome' | 'checked'>>;

/** Sends every file, also after one was refused: a person wants to see all that is wrong at once. */
async function sendFiles(
  context: CliContext,
  options: CommonOptions,
  files: readonly string[],
  send: Send,
): Promise<void> {
  const client = apiClient(context, options);
  const results: FileResult[] = [];
  for (const file of files) {
    const result = await sendFile(client, file, send);
    results.push(result);
    if (!options.json) report(context, result);
  }
  if (options.json) printJson(context.terminal, results.map(asJson));
  if (results.some(({ outcome }) => outcome === 'refused')) context.endWith(exitCodes.refused);
}

async function sendFile(client: ApiClient, file: string, send: Send): Promise<FileResult> {
  const source = await readText(file);
  const type = file.endsWith('.json') ? 'application/json' : 'application/yaml';
  try {
    return { file, source, ...(await send(client, source, type)) };
  } catch (error) {
    if (error instanceof ApiProblem && error.exitCode === exitCodes.refused && error.status !== 401)
      return { file, source, outcome: 'refused', problem: error };
    throw error;
  }
}

function report({ terminal }: CliContext, { file, outcome, checked, problem, source }: FileResult): void {
  if (problem !== undefined) {
    const errors = problem.problem.errors ?? [];
    terminal.err(errors.length > 0 ? formatFindings(file, source, errors) : `${file}: ${problem.message}\n`);
  }
  if (checked === undefined) return;
  terminal.err(formatFindings(file, source, checked.warnings, 'warning: '));
  const { namespace, name, version } = checked;
  terminal.out(`${terminal.style('good', outcome)} ${namespace}/${name} ${version}\n`);
}

function asJson({ file, outcome, checked, problem }: FileResult): unknown {
  return { file, outcome, ...checked, ...(problem === undefined ? {} : { problem: problem.problem }) };
}
