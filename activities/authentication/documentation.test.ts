import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkDefinition } from '../../dsl/check.ts';

const page = readFileSync(join(__dirname, '../../docs/authentication.md'), 'utf8');
const examples = [...page.matchAll(/```yaml\n([^]*?)```/g)].map(([, yaml = '']) => yaml);

test.each(examples.map((yaml) => [/name: (\S+),/.exec(yaml)?.[1], yaml]))(
  'the example %s deploys',
  (_name, yaml) => {
    expect(checkDefinition(yaml)).toMatchObject({ ok: true, warnings: [] });
  },
);
