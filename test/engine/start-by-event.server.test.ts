/** Executions that events start: `schedule.on` on a real Temporal server. */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Json } from '../../dsl/json.ts';
import { startDefinitionService, type DefinitionService } from './definition-service.ts';
import { anEvent, openSubscriptions } from './events-under-test.ts';

const root = join(__dirname, '../..');
let service: DefinitionService;

beforeAll(async () => {
  service = await startDefinitionService(root, []);
}, 120_000);
afterAll(() => service?.close());

/** A definition that gives its input and its version. */
function definition(name: string, on: string, version = '1.0.0'): string {
  return `document: { dsl: '1.0.3', namespace: start, name: ${name}, version: '${version}' }
schedule: { ${on} }
do: [{ tell: { set: { events: '\${ . }', version: '\${ $workflow.definition.document.version }' } } }]`;
}

/** The outputs of all executions of a definition, once there are so many, in order of their start. */
async function outputs(name: string, count: number): Promise<readonly Json[]> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const found: { readonly id: string; readonly at: number }[] = [];
    for await (const { workflowId, startTime } of service.client.workflow.list({
      query: `WorkflowType = 'start.${name}'`,
    })) {
      found.push({ id: workflowId, at: startTime.getTime() });
    }
    if (found.length >= count) {
      found.sort((left, right) => left.at - right.at);
      const results = found.map(({ id }) => service.client.workflow.getHandle(id).result());
      return (await Promise.all(results)) as readonly Json[];
    }
    await delay(100);
  }
  throw new Error(`${name} did not start ${count} times`);
}

test('an event starts one execution however often it comes', async () => {
  await service.deploy(
    definition('once', `on: { one: { with: { type: t.once, data: '\${ .n > 1 }' } } }, read: envelope`),
  );
  const event = anEvent('t.once', { n: 2 });
  const [first] = await service.routing.router.route([anEvent('t.once', { n: 1 })]);
  expect(first?.started).toEqual([]);
  const [second] = await service.routing.router.route([event]);
  const [third] = await service.routing.router.route([event]);
  expect(second?.started).toHaveLength(1);
  expect(third).toMatchObject({ known: true, started: second?.started });
  expect(await outputs('once', 1)).toEqual([{ events: [event], version: '1.0.0' }]);
});

test('all starts with the events that belong together, whatever comes between', async () => {
  const filter = (type: string): string =>
    `{ with: { type: ${type} }, correlate: { order: { from: .data.order } } }`;
  await service.deploy(definition('pair', `on: { all: [${filter('t.paid')}, ${filter('t.packed')}] }`));
  const paid = (order: string): ReturnType<typeof anEvent> => anEvent('t.paid', { order });
  const packed = (order: string): ReturnType<typeof anEvent> => anEvent('t.packed', { order, packed: true });
  const repeated = paid('A');
  for (const event of [repeated, paid('B'), repeated, packed('B'), paid('C'), packed('A')]) {
    await service.routing.router.route([event]);
  }
  expect(await outputs('pair', 2)).toEqual([
    { events: [{ order: 'B' }, { order: 'B', packed: true }], version: '1.0.0' },
    { events: [{ order: 'A' }, { order: 'A', packed: true }], version: '1.0.0' },
  ]);
});

test('any with until starts with what was collected', async () => {
  await service.deploy(
    definition('batch', `on: { any: [{ with: { type: t.item } }], until: '\${ length == 3 }' }`),
  );
  await service.routing.router.route([1, 2, 3, 4].map((n) => anEvent('t.item', n)));
  expect(await outputs('batch', 1)).toEqual([{ events: [1, 2, 3], version: '1.0.0' }]);
});

test('the latest version has the trigger, until nothing is deployed', async () => {
  const on = 'on: { one: { with: { type: t.moved } } }';
  await service.deploy(definition('moved', on));
  await service.deploy(definition('moved', on, '1.1.0'));
  await service.deploy(definition('moved', on, '1.0.1'));
  await service.routing.router.route([anEvent('t.moved', 1)]);
  expect(await outputs('moved', 1)).toEqual([{ events: [1], version: '1.1.0' }]);
  await service.remove('start', 'moved', '1.1.0');
  await service.routing.router.route([anEvent('t.moved', 2)]);
  expect(await outputs('moved', 2)).toContainEqual({ events: [2], version: '1.0.1' });
  const before = await openSubscriptions(service.store);
  await service.remove('start', 'moved', '1.0.1');
  await service.remove('start', 'moved', '1.0.0');
  expect(await openSubscriptions(service.store)).toBe(before - 1);
  const [routed] = await service.routing.router.route([anEvent('t.moved', 3)]);
  expect(routed?.started).toEqual([]);
});

test('an execution does not hear the event that started it', async () => {
  await service.deploy(`document: { dsl: '1.0.3', namespace: start, name: next, version: '1.0.0' }
schedule: { on: { one: { with: { type: t.begin } } } }
do: [{ hear: { listen: { to: { any: [{ with: { type: t.begin } }, { with: { type: t.next } }] } } } }]`);
  await service.routing.router.route([anEvent('t.begin', 'begin')]);
  await service.routing.router.route([anEvent('t.next', 'next')]);
  expect(await outputs('next', 1)).toEqual([['next']]);
});
