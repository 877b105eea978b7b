import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileExpression, defaultExpressionLimits } from './index.ts';
import type { Json } from '../json.ts';

const page = readFileSync(join(__dirname, '..', '..', 'docs', 'expressions.md'), 'utf8');
const recipes = [...page.matchAll(/```jq\n# input: (.*)\n# output: (.*)\n([^]*?)```/g)].map(
  ([, input = '', output = '', expression = '']) => ({ input, output, expression: expression.trim() }),
);

test('every block of the page is a recipe', () => {
  expect(recipes).toHaveLength(page.split('```jq').length - 1);
  expect(recipes.length).toBeGreaterThanOrEqual(10);
});

test.each(recipes)('$expression', ({ input, output, expression }) => {
  const given = JSON.parse(input) as Json;
  const environment = { variables: {}, now: () => 0, limits: defaultExpressionLimits };
  expect(compileExpression(expression).all(given, environment)).toEqual([JSON.parse(output)]);
});

test.each(Object.keys(defaultExpressionLimits))('the page tells of the limit %s', (limit) => {
  expect(page).toContain(`| \`${limit}\``);
});

test.each(
  /Refused when the definition is deployed: (.*?), `import`/s.exec(page)?.[1]?.match(/[$\w]+/g) ?? [],
)('%s is refused, as the page says', (name) => {
  expect(() => compileExpression(name)).toThrow(name);
});
