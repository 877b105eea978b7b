/** Data steps through the whole service, on SQLite: the functions of the default catalog as a definition calls them. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apiClient, type ApiClient } from '../client.ts';
import { startService, type Service } from '../service-process.ts';

const root = join(__dirname, '../..');
let folder: string;
let service: Service;
let client: ApiClient;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perdure-data-'));
  const shop = new DatabaseSync(join(folder, 'shop.db'));
  shop.exec('CREATE TABLE orders (id TEXT PRIMARY KEY, total INTEGER)');
  shop.close();
  const bindings = ['shop', 'documents'].map(
    (name) => `  ${name}: { url: 'sqlite:${join(folder, name)}.db', access: write }\n`,
  );
  const config = join(folder, 'config.yaml');
  await writeFile(config, `bindings:\n${bindings.join('')}`);
  service = await startService(root, { PERDURE_CONFIG: config });
  client = apiClient(service.url);
}, 120_000);

afterAll(async () => {
  await service?.stop();
  await rm(folder, { recursive: true, force: true });
});

const definition = `
document: { dsl: '1.0.3', namespace: data, name: steps, version: '1.0.0' }
do:
  - insert:
      call: sql.query:1.0.0@default
      with:
        binding: shop
        access: write
        statement: INSERT INTO orders (id, total) VALUES (?, ?)
        parameters: ['\${ .id }', '\${ .total }']
  - again:
      try:
        - insert:
            call: sql.query:1.0.0@default
            with:
              binding: shop
              access: write
              statement: INSERT INTO orders (id, total) VALUES (?, ?)
              parameters: ['\${ $workflow.input.id }', 0]
      catch:
        errors: { with: { type: urn:perdure:error:conflict } }
        do: [{ taken: { set: { taken: true } } }]
  - read:
      call: sql.query:1.0.0@default
      with: { binding: shop, statement: 'SELECT id, total FROM orders WHERE id = ?', parameters: ['\${ $workflow.input.id }'] }
      export: { as: '\${ { rows: .rows } }' }
  - none:
      call: store.get:1.0.0@default
      with: { binding: documents, key: order/0 }
      export: { as: '\${ $context + { none: . } }' }
  - keep:
      for: { each: n, in: '\${ [1, 2, 3] }' }
      do:
        - put:
            call: store.put:1.0.0@default
            with: { binding: documents, key: '\${ "order/\\($n)" }', value: { n: '\${ $n }' }, expect: absent }
  - change:
      call: store.put:1.0.0@default
      with: { binding: documents, key: order/3, value: changed, expect: { version: '\${ .version }' } }
  - stale:
      try:
        - put:
            call: store.put:1.0.0@default
            with: { binding: documents, key: order/3, value: lost, expect: { version: none } }
      catch:
        errors: { with: { status: 409 } }
        as: error
        do: [{ told: { set: '\${ $error.type }', export: { as: '\${ $context + { stale: . } }' } } }]
  - forget:
      call: store.delete:1.0.0@default
      with: { binding: documents, key: order/2 }
      export: { as: '\${ $context + . }' }
  - first:
      call: store.scan:1.0.0@default
      with: { binding: documents, prefix: order/, limit: 1 }
      export: { as: '\${ $context + { keys: [.documents[].key] } }' }
  - rest:
      call: store.scan:1.0.0@default
      with: { binding: documents, prefix: order/, cursor: '\${ .cursor }' }
output: { as: '\${ $context + { rest: [.documents[] | { key, value }] } }' }
`;

test.each(['strict', 'loose'])(
  'an order with rows and documents, in %s mode',
  async (mode) => {
    const name = `steps-${mode}`;
    const document = definition
      .replace('name: steps', `name: ${name}`)
      .replaceAll('order/', `${mode}/`)
      .replace('\ndo:', `\nevaluate: { mode: ${mode} }\ndo:`);
    expect(await client.deploy(document)).toMatchObject({ status: 201 });
    const { body } = await client.start({ workflow: `data/${name}`, input: { id: mode, total: 7 } });
    const { status, output, error } = await client.ended(body.id);
    expect({ status, output, error }).toEqual({
      status: 'completed',
      output: {
        rows: [{ id: mode, total: 7 }],
        none: null,
        stale: 'urn:perdure:error:conflict',
        deleted: true,
        keys: [`${mode}/1`],
        rest: [{ key: `${mode}/3`, value: 'changed' }],
      },
      error: null,
    });
  },
  60_000,
);

test('a statement that holds an expression is refused at deploy', async () => {
  const document = `
document: { dsl: '1.0.3', namespace: data, name: refused, version: '1.0.0' }
do:
  - read: { call: 'sql.query:1.0.0@default', with: { binding: shop, statement: 'SELECT \${ .column }' } }
`;
  expect(await client.deploy(document)).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: '/do/0/read/with/statement', code: 'value' }] },
  });
});
