/**
 * An order writes a row in PostgreSQL and a document through MongoDB's protocol, and its worker is killed before, between
 * and inside the steps: inside a statement, inside the commit, and when the document is written and nobody knows.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { Client } from 'pg';
import type { Json } from '../../dsl/json.ts';
import { apiClient, type ApiClient } from '../client.ts';
import { eventually } from '../service-process.ts';
import { startSplitService, type SplitService } from '../split-service.ts';
import { startHoldingProxy, type HoldingProxy } from './holding-proxy.ts';

const root = join(__dirname, '../..');
const [sqlUrl = '', documentsUrl = ''] = (process.env.PERDURE_TEST_ORDER_DATABASES_URL ?? '').split(' ');

// What an order named commit-… waits for at its commit, and statement-… before it.
const tables = `
CREATE TABLE orders (number SERIAL, id TEXT NOT NULL, total INTEGER NOT NULL);
CREATE FUNCTION slowly() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(4); RETURN NEW; END $$;
CREATE TRIGGER in_statement BEFORE INSERT ON orders FOR EACH ROW WHEN (NEW.id LIKE 'statement-%') EXECUTE FUNCTION slowly();
CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON orders DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.id LIKE 'commit-%') EXECUTE FUNCTION slowly();
`;

const order = `
document: { dsl: '1.0.3', namespace: shop, name: order, version: '1.0.0' }
do:
  - insert:
      call: sql.query:1.0.0@default
      with:
        binding: orders
        access: write
        statement: INSERT INTO orders (id, total) VALUES ($1, $2) RETURNING number
        parameters: ['\${ .id }', '\${ .total }']
      output: { as: '\${ $workflow.input + { number: .rows[0].number } }' }
  - pause: { wait: { seconds: 10 } }
  - keep:
      call: store.put:1.0.0@default
      with: { binding: documents, key: '\${ "order/" + .id }', value: '\${ . }', expect: absent }
      output: { as: '\${ $input }' }
  - read:
      call: store.get:1.0.0@default
      with: { binding: documents, key: '\${ "order/" + .id }' }
`;

describe('an order whose worker is killed', () => {
  const running: { stop(): Promise<void> }[] = [];
  let sql: Client;
  let mongo: MongoClient;
  let proxy: HoldingProxy;
  let service: SplitService;
  let client: ApiClient;

  beforeAll(async () => {
    sql = new Client({ connectionString: sqlUrl });
    await sql.connect();
    await sql.query(tables);
    mongo = new MongoClient(documentsUrl);
    const { hostname, port } = new URL(documentsUrl);
    proxy = await startHoldingProxy(hostname, Number(port));
    running.push({ stop: () => proxy.close() });
    const folder = await mkdtemp(join(tmpdir(), 'perdure-order-'));
    running.push({ stop: () => rm(folder, { recursive: true, force: true }) });
    const config = join(folder, 'config.yaml');
    const binding = (url: string): string => `{ url: '${url}', access: write }`;
    const documents = documentsUrl.replace(`${hostname}:${port}`, `127.0.0.1:${proxy.port}`);
    await writeFile(config, `bindings: { orders: ${binding(sqlUrl)}, documents: ${binding(documents)} }\n`);
    service = await startSplitService(root, { PERDURE_CONFIG: config });
    running.push(service);
    client = apiClient(service.url);
    expect(await client.deploy(order)).toMatchObject({ status: 201 });
  }, 180_000);

  afterAll(async () => {
    for (const thing of running.toReversed()) await thing.stop();
    await mongo?.close();
    await sql?.end();
  });

  const sleeping = async (): Promise<true | undefined> => {
    const asleep = "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'";
    return (await sql.query(asleep)).rowCount === 0 ? undefined : true;
  };
  const numbersOf = async (id: string): Promise<Json[]> => {
    const { rows } = await sql.query('SELECT number FROM orders WHERE id = $1', [id]);
    return (rows as { number: number }[]).map(({ number }) => number);
  };
  const documentOf = async (id: string): Promise<unknown> => {
    const documents = mongo.db('perdure').collection<{ _id: string; value: string }>('perdure_documents');
    const found = await documents.findOne({ _id: `data/order/${id}` });
    return found === null ? undefined : (JSON.parse(found.value) as unknown);
  };
  const start = async (id: string): Promise<string> =>
    (await client.start({ workflow: 'shop/order', input: { id, total: 5 } })).body.id;

  async function expectOnce(execution: string, id: string): Promise<void> {
    const ended = await client.ended(execution);
    const [number, ...more] = await numbersOf(id);
    const value = { id, total: 5, number: number ?? null };
    expect({ status: ended.status, error: ended.error, more }).toEqual({
      status: 'completed',
      error: null,
      more: [],
    });
    expect(ended.output).toMatchObject({ value });
    // Its memory shows that one call wrote it, once.
    expect(await documentOf(id)).toMatchObject({
      content: { value },
      writes: [{ call: expect.any(String) }],
    });
  }

  test('inside the commit, between the steps, and before the answer of the second', async () => {
    const inCommit = await service.startWorker();
    const execution = await start('commit-1');
    await eventually('the commit', sleeping);
    await inCommit.kill();
    // Committed, with nobody there who could have learned it.
    await eventually('the row', async () => ((await numbersOf('commit-1')).length > 0 ? true : undefined));

    const between = await service.startWorker();
    let seen = '';
    const paused = async (): Promise<true | undefined> => {
      const { tasks } = await client.get(execution);
      seen = JSON.stringify(tasks);
      return tasks.some(({ name, status }) => name === 'pause' && status !== 'completed') ? true : undefined;
    };
    await eventually('the pause', paused, { details: () => seen + between.output() });
    proxy.holdAt('insert', 'data/order/commit-1');
    await between.kill();

    const written = await service.startWorker();
    await eventually('the document', () => documentOf('commit-1'));
    expect(proxy.held()).toBe(1);
    await written.kill();

    const last = await service.startWorker();
    await expectOnce(execution, 'commit-1');
    await last.stop();
  }, 240_000);

  test('inside a statement', async () => {
    const first = await service.startWorker();
    const execution = await start('statement-1');
    await eventually('the statement', sleeping);
    await first.kill();
    await eventually('its end', async () => ((await sleeping()) === undefined ? true : undefined));
    expect(await numbersOf('statement-1')).toEqual([]);
    await service.startWorker();
    await expectOnce(execution, 'statement-1');
  }, 180_000);
});
