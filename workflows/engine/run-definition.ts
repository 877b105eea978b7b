/** What of a definition stands around its tasks: input, output and timeout. Open Workflow DSL, "Workflow". */
import { standardFault } from '../../dsl/errors.ts';
import { jsonSize, type Json } from '../../dsl/json.ts';
import { beforeDeadline } from './deadline.ts';
import type { Execution } from './execution.ts';
import { duration, scopeOf, transform, validate } from './expressions.ts';
import { listFrame } from './position.ts';
import { reusable } from './reusable.ts';
import { runList } from './run-list.ts';
import { startAtTask } from './start-at.ts';

/** Runs the definition to its output from where the position stands, within its timeout if it has one. */
export async function runDefinition(execution: Execution): Promise<Json> {
  const { timeout, use } = execution.start.definition;
  if (timeout === undefined) return run(execution);
  const { after } = reusable(timeout, use?.timeouts, 'timeout', '/timeout');
  const { position, start } = execution;
  position.deadline ??=
    (position.timeoutFrom ?? position.startedAt) +
    duration(after, scopeOf(execution, start.input, {}), '/timeout');
  return beforeDeadline(
    execution.pacing,
    position.deadline,
    async () => run(execution),
    () => standardFault('timeout', '/', 'The workflow did not end within its timeout'),
  );
}

async function run(execution: Execution): Promise<Json> {
  const { start, position } = execution;
  const { definition } = start;
  if (position.root === undefined) begin(execution);
  const { raw } = (position.result ??= { raw: await runTasks(execution) });
  // Somebody may have suspended the execution while its last task ran.
  await execution.pacing.held();
  const as = definition.output?.as;
  const output = as === undefined ? raw : transform(as, scopeOf(execution, raw, {}), '/output/as');
  validate(execution, definition.output?.schema, output, 'output', '/output');
  const size = jsonSize(output);
  if (size <= start.limits.payloadBytes) return output;
  throw standardFault(
    'runtime',
    '/output',
    `The output has ${size} bytes, more than limits.payloadBytes allows`,
  );
}

/** Checks and shapes the input, and puts the position before the first task. */
function begin(execution: Execution): void {
  const { start, position, lifecycle } = execution;
  const { document, input: shaped } = start.definition;
  const { namespace, name, version } = document;
  lifecycle?.workflow('workflow.started', {
    definition: { namespace, name, version },
    startedAt: new Date(position.startedAt).toISOString(),
  });
  validate(execution, shaped?.schema, start.input, 'input', '/input');
  const input =
    shaped?.from === undefined
      ? start.input
      : transform(shaped.from, scopeOf(execution, start.input, {}), '/input/from');
  position.root = listFrame(input);
  // The specification's picture of the data flow begins the context with the workflow's transformed input.
  position.context = input;
  if (start.startAt !== undefined) startAtTask(position, start.definition, start.startAt, input);
}

async function runTasks(execution: Execution): Promise<Json> {
  const { start, position } = execution;
  if (position.root === undefined) throw new TypeError('The tasks have no frame');
  const site = { reference: '/do', path: '/do', locals: {}, attempt: 1 };
  return (await runList(execution, start.definition.do, site, position.root)).output;
}
