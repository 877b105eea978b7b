import { isTruthy } from '../../../dsl/evaluate.ts';
import type { SwitchCase } from '../../../dsl/types.ts';
import type { Runner } from '../runner.ts';

/**
 * Goes where the first matching case says; a case without `when` matches when no other does, wherever it stands. Without
 * a match the task's own `then` holds. The input passes through. Open Workflow DSL, "Switch".
 */
export const runSwitch: Runner<'switch'> = (task, input, run) => {
  const cases: SwitchCase[] = task.switch.flatMap((item) => Object.values(item));
  const matching =
    cases.find(({ when }) => when !== undefined && isTruthy(run.evaluate(when, input))) ??
    cases.find(({ when }) => when === undefined);
  return matching === undefined ? { output: input } : { output: input, then: matching.then };
};
