import { operationRefusals } from '../../workflows/contract.ts';
import { refusalProblem } from './refusal.ts';

const cases: Readonly<Record<string, readonly [string, number]>> = {
  [operationRefusals.notHeld]: ['execution-not-faulted', 409],
  [operationRefusals.undone]: ['work-undone', 409],
  [operationRefusals.invalidInput]: ['invalid-input', 422],
  [operationRefusals.migrationUnsafe]: ['migration-unsafe', 409],
  [operationRefusals.ending]: ['execution-ending', 409],
};

test.each(Object.values(operationRefusals))('%s is a problem, with what the engine said', (type) => {
  const problem = refusalProblem({ type, message: 'as it is' });
  expect([problem?.problem, problem?.status]).toEqual(cases[type]);
  expect(problem?.message).toBe('as it is');
});

test('input that is refused is pointed at, and a plan is handed on', () => {
  const input = refusalProblem({ type: operationRefusals.invalidInput, message: '/card is missing' });
  expect(input?.body('r')).toMatchObject({ errors: [{ pointer: '/input', message: '/card is missing' }] });
  const plan = { possible: false, obstacles: [{ reference: '/do/0/a', reason: 'gone' }] };
  const unsafe = refusalProblem({ type: operationRefusals.migrationUnsafe, message: 'no', plan });
  expect(unsafe?.body('r')).toMatchObject({ plan });
});

test.each([undefined, null, 'https://example.com/no-stock', 'toString'])('%s is none', (type) => {
  expect(refusalProblem({ type, message: 'other' })).toBeUndefined();
});
