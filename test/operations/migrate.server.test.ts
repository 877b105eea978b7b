/** Migration, as a caller of the API sees it. */
import { approval, problemOf, startOperationsService } from './operations-service.ts';
import type { OperationsService } from './operations-service.ts';

let service: OperationsService;

const wait = '{ wait: { hours: 1 } }';
const end = (word: string): string => `{ set: { word: ${word} } }`;
const gate = (name: string): string =>
  `{ ${name}: { listen: { to: { one: { with: { type: test.go } } } } } }`;

beforeAll(async () => {
  service = await startOperationsService();
  const versions = {
    '1.0.0': `do: [${gate('wait')}, { finish: ${end('one')} }]`,
    '2.0.0': `do: [{ greet: ${end('hello')} }, ${gate('wait')}, { finish: ${end('two')} }]`,
    '3.0.0': `do: [{ other: ${wait} }, { finish: ${end('three')} }]`,
    '4.0.0': `do: [{ wait: ${wait} }, { finish: ${end('four')} }]`,
  };
  for (const [version, body] of Object.entries(versions)) await service.define('moving', body, { version });
  const large = JSON.stringify('x'.repeat(1_000_000));
  await service.define('large', `do: [{ doze: ${wait} }]`);
  await service.define('large', `do: [{ doze: ${wait} }, { last: { set: { large: ${large} } } }]`, {
    version: '2.0.0',
  });
}, 120_000);
afterAll(() => service?.stop());

const started = { version: '1.0.0' };

test('an execution goes on with another version, with what it has done', async () => {
  await service.begin('moving', 'move-1', started);
  await service.until('move-1', { status: 'waiting' });
  const plan = {
    possible: true,
    from: '1.0.0',
    to: '2.0.0',
    differences: expect.arrayContaining([{ reference: '/do/0/greet', change: 'added' }]) as unknown,
    obstacles: [],
  };
  const dry = await service.operate('move-1', 'migrate?dryRun=true', { version: '2.0.0' });
  expect(dry).toMatchObject({ status: 200, body: { id: 'move-1', dryRun: true, ...plan } });
  expect((await service.show('move-1')).version).toBe('1.0.0');

  const moved = await service.operate('move-1', 'migrate', { version: '2.0.0' }, 'm1');
  expect(moved).toMatchObject({ status: 202, body: { id: 'move-1', accepted: true, ...plan } });
  const again = await service.operate('move-1', 'migrate', { version: '2.0.0' }, 'm1');
  expect(again).toMatchObject({ status: 202, body: moved.body });
  await service.until('move-1', {
    version: '2.0.0',
    status: 'waiting',
    tasks: [{ reference: '/do/1/wait' }],
  });
  const event = { specversion: '1.0', id: '1', source: 'https://example.com', type: 'test.go' };
  await service.post('/v1/events', event, { 'content-type': 'application/cloudevents+json' });
  await service.until('move-1', { status: 'completed', output: { word: 'two' } });
});

test.each([
  ['3.0.0', 'does not have it'],
  ['4.0.0', 'it is wait'],
])('a version in which the place is not there is refused: %s', async (version, reason) => {
  const id = `stay-${version}`;
  await service.begin('moving', id, started);
  await service.until(id, { status: 'waiting' });
  const obstacles = [{ reference: '/do/0/wait', reason: expect.stringContaining(reason) as string }];
  const dry = await service.operate(id, 'migrate?dryRun=true', { version });
  expect(dry).toMatchObject({ status: 200, body: { possible: false, obstacles } });
  const refused = await service.operate(id, 'migrate', { version });
  expect(problemOf(refused)).toEqual([409, 'migration-unsafe']);
  expect(refused.body.plan).toMatchObject({ possible: false, from: '1.0.0', to: version, obstacles });
  expect(await service.show(id)).toMatchObject({ version: '1.0.0', status: 'waiting' });
});

test('a held execution is mended by a version without the mistake, and then retried', async () => {
  const pay = (condition: string): string =>
    `do: [{ before: ${end('one')} }, { pay: { if: '${condition}', raise: { error: { type: about:blank, status: 500 } } } }]`;
  const metadata = '{ onFault: hold }';
  await service.define('mended', pay('true'), { metadata });
  await service.define('mended', pay('false'), { metadata, version: '2.0.0' });
  await service.begin('mended', 'mended-1', started);
  await service.until('mended-1', { status: 'faulted', held: true });
  expect((await service.operate('mended-1', 'migrate', { version: '2.0.0' })).status).toBe(202);
  await service.until('mended-1', { status: 'faulted', held: true, version: '2.0.0' });
  expect((await service.operate('mended-1', 'retry')).status).toBe(202);
  await service.until('mended-1', { status: 'completed', version: '2.0.0' });
});

test('what cannot be migrated is told apart', async () => {
  await service.begin('moving', 'apart', started);
  await service.until('apart', { status: 'waiting' });
  const missing = await service.operate('apart', 'migrate', { version: '9.0.0' });
  expect(problemOf(missing)).toEqual([404, 'workflow-not-found']);
  expect(problemOf(await service.operate('apart', 'migrate'))).toEqual([400, 'invalid-request']);
  await service.operate('apart', 'terminate');
  const ended = await service.operate('apart', 'migrate', { version: '2.0.0' });
  expect(problemOf(ended)).toEqual([409, 'execution-ended']);
  await service.post('/v1/executions', { ...approval, id: 'typescript' });
  const other = await service.operate('typescript', 'migrate', { version: '2.0.0' });
  expect(problemOf(other)).toEqual([409, 'operation-not-supported']);
});

test('a definition that leaves no room for the input is refused before Temporal sees it', async () => {
  await service.begin('large', 'large-1', { version: '1.0.0', input: { text: 'y'.repeat(1_000_000) } });
  const refused = await service.operate('large-1', 'migrate', { version: '2.0.0' });
  expect(problemOf(refused)).toEqual([413, 'payload-too-large']);
});
