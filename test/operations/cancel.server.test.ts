/** Cancel and terminate, with what they undo and what they leave, as a caller of the API sees them. */
import { approval, eventually, problemOf, startOperationsService } from './operations-service.ts';
import type { OperationsService } from './operations-service.ts';

let service: OperationsService;

const booking = (name: string): string =>
  `{ ${name}: { set: { id: ${name} }, metadata: { compensate: [{ un${name}: { input: { from: '\${ { of: $input.id, undo: $output.id } }' }, set: '\${ . }' } }] } } }`;
const trip = `do: [${booking('flight')}, ${booking('hotel')}, { doze: { wait: { hours: 1 } } }]`;

beforeAll(async () => {
  service = await startOperationsService();
  await service.define('trip', trip);
  await service.define(
    'agency',
    'do: [{ book: { run: { workflow: { namespace: test, name: trip, version: 1.0.0 } } } }]',
  );
}, 120_000);
afterAll(() => service?.stop());

const entry = (name: string, status: string): object => ({ name, status });

async function underWay(id: string): Promise<void> {
  await service.begin('trip', id);
  await service.until(id, { status: 'waiting', compensations: [{ name: 'hotel' }, { name: 'flight' }] });
}

test('a cancel undoes the work in reverse, and a dry run says so before', async () => {
  await underWay('undone');
  const dry = await service.operate('undone', 'cancel?dryRun=true');
  expect(dry).toMatchObject({
    status: 200,
    body: {
      id: 'undone',
      dryRun: true,
      status: 'waiting',
      tasks: [{ name: 'doze', status: 'waiting' }],
      compensations: [entry('hotel', 'registered'), entry('flight', 'registered')],
      leftUndone: [],
      children: [],
    },
  });
  expect((await service.show('undone')).status).toBe('waiting');
  expect(await service.operate('undone', 'cancel')).toMatchObject({ status: 202, body: { accepted: true } });
  const { tasks } = await service.until('undone', {
    status: 'cancelled',
    compensations: [entry('hotel', 'completed'), entry('flight', 'completed')],
  });
  expect((tasks as { output?: unknown }[]).slice(-2)).toMatchObject([
    { name: 'unhotel', output: { of: 'flight', undo: 'hotel' } },
    { name: 'unflight', output: { of: null, undo: 'flight' } },
  ]);
});

test('a cancel that is told so undoes nothing', async () => {
  await underWay('left');
  const dry = await service.operate('left', 'cancel?dryRun=true', { compensate: false });
  expect(dry.body).toMatchObject({
    compensations: [],
    leftUndone: [{ name: 'hotel' }, { name: 'flight' }],
  });
  expect((await service.operate('left', 'cancel', { compensate: false })).status).toBe(202);
  await service.until('left', {
    status: 'cancelled',
    compensations: [entry('hotel', 'registered'), entry('flight', 'registered')],
  });
});

test('a terminate leaves everything, and a dry run says what', async () => {
  await underWay('cut');
  const dry = await service.operate('cut', 'terminate?dryRun=true', { reason: 'a test' });
  expect(dry).toMatchObject({
    status: 200,
    body: {
      id: 'cut',
      dryRun: true,
      tasks: [{ name: 'doze' }],
      compensations: [],
      leftUndone: [{ name: 'hotel' }, { name: 'flight' }],
    },
  });
  expect((await service.show('cut')).status).toBe('waiting');
  expect((await service.operate('cut', 'terminate', { reason: 'a test' })).status).toBe(202);
  await service.until('cut', {
    status: 'cancelled',
    compensations: [entry('hotel', 'registered'), entry('flight', 'registered')],
  });
});

test('children are told in a dry run; a cancel reaches them', async () => {
  await service.begin('agency', 'agency-1');
  let child = '';
  await eventually(async () => {
    const dry = await service.operate('agency-1', 'cancel?dryRun=true');
    const [first] = dry.body.children as { workflowId: string; reference: string }[];
    expect(first).toMatchObject({ reference: '/do/0/book' });
    child = String(first?.workflowId);
  });
  await service.until(child, { status: 'waiting' });
  expect((await service.operate('agency-1', 'cancel')).status).toBe(202);
  await service.until('agency-1', { status: 'cancelled' });
  await service.until(child, { status: 'cancelled', compensations: [entry('hotel', 'completed'), {}] });
});

test('children go on after a terminate, and are cancelled by themselves', async () => {
  await service.begin('agency', 'agency-2');
  const parent = await service.until('agency-2', { children: [{ reference: '/do/0/book' }] });
  const [child] = parent.children as { workflowId: string }[];
  const id = String(child?.workflowId);
  await service.until(id, { status: 'waiting' });
  await service.operate('agency-2', 'terminate');
  await service.until('agency-2', { status: 'cancelled' });
  expect((await service.show(id)).status).toBe('waiting');
  expect((await service.operate(id, 'cancel')).status).toBe(202);
  await service.until(id, { status: 'cancelled' });
});

test('a TypeScript workflow cleans up as it is written', async () => {
  await service.post('/v1/executions', { ...approval, id: 'typescript' });
  const refused = await service.operate('typescript', 'cancel', { compensate: false });
  expect(problemOf(refused)).toEqual([409, 'operation-not-supported']);
  const dry = await service.operate('typescript', 'cancel?dryRun=true');
  expect(dry).toMatchObject({ status: 200, body: { tasks: [], compensations: [], leftUndone: [] } });
  expect((await service.operate('typescript', 'cancel', { compensate: true })).status).toBe(202);
  await service.until('typescript', { status: 'cancelled' });
  for (const operation of ['cancel', 'cancel?dryRun=true', 'terminate', 'terminate?dryRun=true'])
    expect(problemOf(await service.operate('typescript', operation))).toEqual([409, 'execution-ended']);
});
