/** Where an execution begins instead of at its first task. */
import { z } from 'zod';
import { pointerToken } from '../dsl/json.ts';
import { locateTask } from '../dsl/task-reference.ts';
import type { Definition } from '../dsl/types.ts';
import type { StartAt } from '../workflows/contract.ts';
import { jsonValue } from './parse-request.ts';
import { Problem } from './problem.ts';
import type { ProblemDetail } from './problem.ts';

export const startAtBody = z.strictObject({
  task: z.string().min(1).max(4_096),
  data: jsonValue.optional(),
  context: jsonValue.optional(),
  iterations: z.record(z.string(), z.number().int().min(0)).optional(),
});

/** Fails with a 422 problem where a definition has no such task, or none that an execution can begin at. */
export function checkStartAt(definition: Definition, { task, iterations = {} }: StartAt): void {
  const located = locateTask(definition, task);
  if (!located.ok) throw invalid([{ pointer: '/startAt/task', message: located.reason }]);
  const loops = new Set(
    located.steps
      .slice(0, -1)
      .filter((step) => 'for' in step.task)
      .map(({ reference }) => reference),
  );
  const unknown = Object.keys(iterations).filter((reference) => !loops.has(reference));
  if (unknown.length === 0) return;
  const known = loops.size === 0 ? 'there is none' : `it is ${[...loops].join(' or ')}`;
  throw invalid(
    unknown.map((reference) => ({
      pointer: `/startAt/iterations/${pointerToken(reference)}`,
      message: `is not the reference of a for task around ${task}: ${known}`,
    })),
  );
}

function invalid(errors: readonly ProblemDetail[]): Problem {
  return new Problem('invalid-start', `No execution can begin there: ${errors[0]?.message ?? ''}`, {
    errors,
  });
}
