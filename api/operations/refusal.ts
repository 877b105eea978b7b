/** What the engine's refusals are to the caller. Pure. */
import { operationRefusals } from '../../workflows/contract.ts';
import { Problem } from '../problem.ts';
import type { ProblemName } from '../problem.ts';

type RefusalType = (typeof operationRefusals)[keyof typeof operationRefusals];

const problems: Readonly<Record<RefusalType, ProblemName>> = {
  [operationRefusals.notHeld]: 'execution-not-faulted',
  [operationRefusals.undone]: 'work-undone',
  [operationRefusals.invalidInput]: 'invalid-input',
  [operationRefusals.migrationUnsafe]: 'migration-unsafe',
  [operationRefusals.ending]: 'execution-ending',
};

interface Refusal {
  /** One of {@link operationRefusals}. */
  readonly type: string | undefined | null;
  readonly message: string;
  /** What the engine gave with it: the plan of a migration that is unsafe. */
  readonly plan?: unknown;
  readonly cause?: unknown;
}

/** The problem of a refusal; undefined where the engine failed otherwise. */
export function refusalProblem({ type, message, plan, cause }: Refusal): Problem | undefined {
  if (!isRefusal(type)) return undefined;
  const problem = problems[type];
  return new Problem(problem, message, {
    cause,
    ...(problem === 'invalid-input' ? { errors: [{ pointer: '/input', message }] } : {}),
    ...(plan === undefined ? {} : { members: { plan } }),
  });
}

function isRefusal(type: string | undefined | null): type is RefusalType {
  return Object.hasOwn(problems, type ?? '');
}
