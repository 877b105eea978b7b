/** The way from one run to the next: by itself at the barrier, after a retry, with another version of the definition. */
import { CancellationScope, makeContinueAsNewFunc, workflowInfo } from '@temporalio/workflow';
import type { SearchAttributeUpdatePair } from '@temporalio/common';
import { standardFault, type WorkflowFault } from '../../dsl/errors.ts';
import { asJson, jsonSize } from '../../dsl/json.ts';
import { maxArgumentBytes, type StartArgument } from '../contract.ts';
import type { Execution } from './execution.ts';
import { migrated } from './operations/migrate.ts';
import { revived } from './operations/retry.ts';
import type { Position } from './position.ts';
import { errorTypeAttribute, statusAttribute, versionAttribute } from './search-attributes.ts';

/**
 * Ends this run and begins the next one where the position stands. Comes back only with a fault: what is under way is too
 * large to be carried.
 */
export async function continueExecution(execution: Execution): Promise<WorkflowFault> {
  const { position, lifecycle } = execution;
  await execution.cancelledCalls.ended();
  await lifecycle?.flush();
  // A cancellation may have come meanwhile, and Temporal does not tell the next run.
  if (CancellationScope.current().consideredCancelled && position.compensation?.because === undefined)
    position.cancelled = true;
  const next = nextStart(execution);
  const size = jsonSize(asJson(next));
  if (size > maxArgumentBytes) {
    const detail = `The data under way has ${size} bytes with the definition, too many to continue as a new run (${maxArgumentBytes})`;
    return standardFault('runtime', '/', detail);
  }
  const proceed = makeContinueAsNewFunc<(argument: StartArgument) => Promise<never>>({
    typedSearchAttributes: workflowInfo().typedSearchAttributes.updateCopy(attributesOf(next)),
  });
  return await proceed(next);
}

/** What lists filter by has to be given on: the server keeps what the first run started with. */
function attributesOf({ definition, resume }: StartArgument): SearchAttributeUpdatePair[] {
  const { shownStatus = 'running', held } = resume as Pick<Position, 'shownStatus' | 'held'>;
  return [
    { key: versionAttribute, value: definition.document.version },
    { key: statusAttribute, value: shownStatus },
    ...(held === undefined ? [{ key: errorTypeAttribute, value: null }] : []),
  ];
}

/** The argument of the next run: with what was asked for, as far as that is possible now. */
function nextStart(execution: Execution): StartArgument {
  const { held } = execution.position;
  const position = held?.retry === undefined ? execution.position : revived(execution, held, held.retry);
  const { startAt: _, ...start } = execution.start;
  const { definition, position: resume } = migrated({ ...execution, position });
  return { ...start, definition, resume: asJson(resume) };
}
