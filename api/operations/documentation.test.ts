import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkDefinition } from '../../dsl/check.ts';

const folder = join(__dirname, '../../docs/operations');
const documents = readdirSync(folder).flatMap((page) =>
  Array.from(
    readFileSync(join(folder, page), 'utf8').matchAll(/^```yaml\n# (\S+)\n([^]*?)^```/gm),
    ([, name = '', source = '']) => [page, name, source] as const,
  ),
);

test.each(documents)('docs/operations/%s: %s can be deployed', (_page, _name, source) => {
  const { ok, errors, warnings } = { errors: [], ...checkDefinition(source) };
  expect({ ok, errors, warnings }).toEqual({ ok: true, errors: [], warnings: [] });
});

test('every operation has an example', () => {
  const pages = ['continue-as-new', 'suspend-resume', 'retry', 'start-at', 'migrate', 'compensation'];
  expect([...new Set(documents.map(([page]) => page))].toSorted()).toEqual(
    pages.map((page) => `${page}.md`).toSorted(),
  );
});
