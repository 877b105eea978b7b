/** What a stranger may write: every expression ends soon, with an error that says why. */
import { endless, refused } from './cases/hostile.ts';
import {
  compileExpression,
  defaultExpressionLimits,
  ExpressionLimitError,
  ExpressionSyntaxError,
} from './index.ts';

// A workflow task that holds its thread for 2 seconds is given up by Temporal.
const mostMilliseconds = 1_500;

/** CPU time, so that other work of the machine does not count. */
function milliseconds(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

test.each(endless)('%s', (expression) => {
  const environment = { variables: {}, now: () => 0, limits: defaultExpressionLimits };
  const evaluate = (): unknown => compileExpression(expression).first(null, environment);
  expect(milliseconds(() => expect(evaluate).toThrow(ExpressionLimitError))).toBeLessThan(mostMilliseconds);
});

test.each(refused)('%s', (_name, expression) => {
  const compile = (): unknown => compileExpression(expression);
  expect(milliseconds(() => expect(compile).toThrow(ExpressionSyntaxError))).toBeLessThan(mostMilliseconds);
});
