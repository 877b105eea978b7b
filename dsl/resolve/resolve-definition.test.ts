import { checkDefinition } from '../check.ts';
import { definitionDigest } from '../digest.ts';
import { asWritten } from '../resources.ts';
import { resolutionLimits } from './limits.ts';
import { resolveDefinition, type ResolveResult } from './resolve-definition.ts';
import { ResourceError, type Credentials } from './source.ts';

const header = `document: { dsl: '1.0.3', namespace: test, name: resolves, version: '1.0.0' }\n`;

/** Resolves against pages by URI; what was read stands in `asked`. */
async function resolve(
  body: string,
  pages: Readonly<Record<string, string>>,
  asked: (readonly [uri: string, credentials?: Credentials])[] = [],
): Promise<ResolveResult> {
  const checked = checkDefinition(header + body);
  if (!checked.ok) throw new Error(JSON.stringify(checked.errors));
  return resolveDefinition(checked, {
    read: (uri, credentials) => {
      asked.push([uri, credentials]);
      const page = pages[uri];
      return page === undefined
        ? Promise.reject(new ResourceError(`${uri} answered 404`))
        : Promise.resolve(page);
    },
    defaultFunction: (name, version) => Promise.resolve(pages[`${name}:${version}`]),
  });
}

const problems = (result: ResolveResult): readonly string[] =>
  result.ok ? [] : result.errors.map(({ line, code, message }) => `${line} ${code}: ${message}`);

test('a definition that names nothing outside stays as it is', async () => {
  const result = await resolve(`do: [{ a: { set: { call: 'https://x.test/data.yaml' } } }]`, {});
  expect(result.ok && result.definition.resources).toBeUndefined();
});

test('what a compensate list names is read, and a circle through one refused', async () => {
  const undo = `{ metadata: { compensate: [{ undo: { call: 'https://x.test/undo.yaml' } }] }, wait: PT1S }`;
  const found = await resolve(`do: [{ a: ${undo} }]`, {
    'https://x.test/undo.yaml': `{ set: '\${ .n }', input: { schema: { resource: { endpoint: 'https://x.test/s.json' } } } }`,
    'https://x.test/s.json': `{ "type": "object" }`,
  });
  expect(found).toMatchObject({
    ok: true,
    definition: {
      resources: {
        functions: { 'https://x.test/undo.yaml': { task: { set: '${ .n }' } } },
        schemas: { 'https://x.test/s.json': { document: { type: 'object' } } },
      },
    },
  });
  const circle = await resolve(`do: [{ a: ${undo} }]`, { 'https://x.test/undo.yaml': undo });
  expect(problems(circle)).toEqual([
    '2 invalid-function: functions call one another in a circle: "https://x.test/undo.yaml"',
  ]);
});

test('what functions name is read too, each thing once', async () => {
  const asked: (readonly [string, Credentials?])[] = [];
  const result = await resolve(
    `use: { catalogs: { ours: { endpoint: { uri: 'https://c.test', authentication: { bearer: { token: t } } } } } }
do: [{ a: { call: 'one:1.0.0@ours' } }, { b: { call: 'https://x.test/two.yaml' } }, { c: { call: 'one:1.0.0@ours' } }]`,
    {
      'https://c.test/functions/one/1.0.0/function.yaml': `{ do: [{ x: { call: 'https://x.test/two.yaml' } }, { y: { call: 'log:1.0.0@default' } }] }`,
      'https://x.test/two.yaml': `{ input: { schema: { resource: { endpoint: 'https://x.test/s.json' } } }, set: { n: 1 } }`,
      'https://x.test/s.json': `{ "type": "object" }`,
      'log:1.0.0': `{ set: { logged: true } }`,
    },
    asked,
  );
  expect(problems(result)).toEqual([]);
  expect(asked).toEqual([
    ['https://c.test/functions/one/1.0.0/function.yaml', { token: 't' }],
    ['https://x.test/two.yaml', undefined],
    ['https://x.test/s.json', undefined],
  ]);
  if (!result.ok) return;
  const { functions = {}, schemas = {} } = result.definition.resources ?? {};
  expect(Object.keys(functions).toSorted()).toEqual([
    'https://x.test/two.yaml',
    'log:1.0.0@default',
    'one:1.0.0@ours',
  ]);
  expect(schemas['https://x.test/s.json']).toEqual({
    digest: expect.stringMatching(/^[0-9a-f]{64}$/),
    document: { type: 'object' },
  });
  expect(definitionDigest(result.definition)).not.toBe(definitionDigest(asWritten(result.definition)));
});

test('a catalog named default takes the place of ours', async () => {
  const result = await resolve(
    `use: { catalogs: { default: { endpoint: 'https://c.test' } } }\ndo: [{ a: { call: 'log:1.0.0@default' } }]`,
    {
      'https://c.test/functions/log/1.0.0/function.yaml': `{ set: { theirs: true } }`,
      'log:1.0.0': `{ wait: PT1S }`,
    },
  );
  expect(result.ok && result.definition.resources?.functions?.['log:1.0.0@default']?.task).toEqual({
    set: { theirs: true },
  });
});

test.each<[what: string, body: string, pages: Readonly<Record<string, string>>, found: readonly string[]]>([
  [
    'a problem below a function is told where the definition leads to it',
    `do:\n  - a: { call: 'https://x.test/f.yaml' }`,
    { 'https://x.test/f.yaml': `{ do: [{ b: { call: 'https://x.test/g.yaml' } }] }` },
    [
      '3 resource-unreachable: what the function "https://x.test/f.yaml" names: https://x.test/g.yaml answered 404',
    ],
  ],
  [
    'a function knows nothing of what the definition defines',
    `use: { secrets: [key], functions: { mine: { set: { n: 1 } } } }\ndo:\n  - a: { call: 'https://x.test/f.yaml' }`,
    { 'https://x.test/f.yaml': `{ call: mine }` },
    [
      '4 invalid-function: https://x.test/f.yaml, line 1, column 9: "mine" is no protocol, and use.functions defines no function of that name',
    ],
  ],
  [
    'a function gets no secret, however it asks',
    `use: { secrets: [key] }\ndo:\n  - a: { call: 'https://x.test/f.yaml' }`,
    {
      'https://x.test/f.yaml': `call: http
with: { method: get, endpoint: 'https://x.test', headers: { a: '\${ $secrets | tojson }', b: '\${ . as $n | $secrets[$n] }', c: '\${ $secrets.key }' } }`,
    },
    [68, 107, 131].map(
      (column) =>
        `4 invalid-function: https://x.test/f.yaml, line 2, column ${column}: $secrets has no value in a function that stands in a document of its own`,
    ),
  ],
  [
    'a circle names its members',
    `do:\n  - a: { call: 'https://x.test/f.yaml' }`,
    {
      'https://x.test/f.yaml': `{ do: [{ b: { call: 'https://x.test/g.yaml' } }] }`,
      'https://x.test/g.yaml': `{ do: [{ b: { call: 'https://x.test/f.yaml' } }] }`,
    },
    [
      '3 invalid-function: functions call one another in a circle: "https://x.test/f.yaml", "https://x.test/g.yaml"',
    ],
  ],
  [
    'a file is not read',
    `do:\n  - a: { call: 'file:///etc/function.yaml' }`,
    {},
    [
      '3 resource-unreachable: "file:///etc/function.yaml" is not read when a definition is deployed: what it names stands at an http or https URI',
    ],
  ],
  [
    'a token that has to be fetched first',
    `input: { schema: { resource: { endpoint: { uri: 'https://x.test/s.json', authentication: { digest: { username: a, password: b } } } } } }\ndo: [{ a: { set: { n: 1 } } }]`,
    {},
    [
      '2 resource-unreachable: https://x.test/s.json cannot be read when the definition is deployed: a deploy authenticates by "basic" or "bearer" only',
    ],
  ],
  [
    'what is too much together',
    `do:\n  - a: { call: 'https://x.test/f.yaml' }\n  - b: { call: 'https://x.test/g.yaml' }\n  - c: { call: 'https://x.test/h.yaml' }`,
    Object.fromEntries(
      ['f', 'g', 'h'].map((name) => [
        `https://x.test/${name}.yaml`,
        `{ set: { text: ${'x'.repeat(resolutionLimits.bytes - 100)} } }`,
      ]),
    ),
    [
      `3 too-large: the functions and schemas that the definition needs have ${3 * (resolutionLimits.bytes - 79)} bytes, more than 524288`,
    ],
  ],
  [
    'functions that call functions that call functions',
    `do:\n  - a: { call: 'https://x.test/0' }`,
    Object.fromEntries(
      Array.from({ length: 10 }, (_, level) => [
        `https://x.test/${level}`,
        `{ do: [{ b: { call: 'https://x.test/${level + 1}' } }] }`,
      ]),
    ),
    [
      '3 too-large: what the function "https://x.test/7" names: functions call one another over more than 8 levels',
    ],
  ],
])('%s', async (_, body, pages, found) => {
  expect(problems(await resolve(body, pages))).toEqual(found);
});
