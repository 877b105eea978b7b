import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { problemTypes } from './problem.ts';

it.each(Object.entries(problemTypes))('docs/api.md lists %s', (name, [status]) => {
  const docs = readFileSync(join(__dirname, '..', 'docs', 'api.md'), 'utf8');
  expect(docs).toMatch(new RegExp(`^\\| ${status} +\\|[^|]*\`${name}\``, 'm'));
});
