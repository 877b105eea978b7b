/** Listening on a real Temporal server: what is consumed, in which order, and how often. */
import { join } from 'node:path';
import type { Json } from '../../dsl/json.ts';
import { WorkflowFailedError } from '@temporalio/client';
import { statusQuery, type CloudEvent, type StatusReport } from '../../workflows/contract.ts';
import { startDefinitionService, type DefinitionService } from './definition-service.ts';
import { anEvent, listening, openSubscriptions } from './events-under-test.ts';

const root = join(__dirname, '../..');
let service: DefinitionService;

beforeAll(async () => {
  service = await startDefinitionService(root, []);
}, 120_000);
afterAll(() => service?.close());

/** Runs a definition with one listen task `hear`, sends the events once it listens, and gives how it ended. */
async function hear(
  listen: string,
  events: readonly CloudEvent[],
  {
    input = {},
    more = '',
    historyEvents = 4_000,
  }: { input?: Json; more?: string; historyEvents?: number } = {},
) {
  const handle = await service.start(`do: [{ hear: { ${listen} } }${more}]`, input, { historyEvents });
  await listening(handle);
  for (const event of events) await service.routing.router.route([event]);
  return service.ended(handle);
}

describe('strategies', () => {
  it('one takes the first event that matches, and nothing else', async () => {
    const { output } = await hear(
      `listen: { to: { one: { with: { type: s.one, data: '\${ .t > 38 }' } } } }`,
      [
        anEvent('s.other', 1),
        anEvent('s.one', { t: 37 }),
        anEvent('s.one', 'not what the filter expects'),
        anEvent('s.one', { t: 39 }),
        anEvent('s.one', { t: 40 }),
      ],
    );
    expect(output).toEqual([{ t: 39 }]);
  });

  it('all takes an event for each filter, in the order in which they came', async () => {
    const { output } = await hear(
      `listen: { to: { all: [{ with: { type: s.a } }, { with: { type: s.b } }] }, read: envelope }`,
      [anEvent('s.b', 1), anEvent('s.b', 2), anEvent('s.a', 3)],
    );
    expect(output).toEqual([
      expect.objectContaining({ type: 's.b', data: 1, source: 'https://sensors.test' }),
      expect.objectContaining({ type: 's.a', data: 3 }),
    ]);
  });

  it('any takes the first event that one of its filters matches', async () => {
    const { output } = await hear(
      `listen: { to: { any: [{ with: { type: s.c } }, { with: { type: s.d } }] }, read: raw }`,
      [anEvent('s.d', { n: 1 })],
    );
    expect(output).toEqual(['{"n":1}']);
  });

  it('any of nothing takes every event, until the condition holds', async () => {
    const { output } = await hear(`listen: { to: { any: [], until: '( . | length ) > 3' } }`, [
      anEvent('s.e', 1),
      anEvent('s.f', 2),
      anEvent('s.g', 3),
      anEvent('s.e', 4),
      anEvent('s.e', 5),
    ]);
    expect(output).toEqual([1, 2, 3, 4]);
  });

  it('until consumed ends it, and is no part of the output', async () => {
    const { output } = await hear(
      `listen: { to: { any: [{ with: { type: s.h } }], until: { one: { with: { type: s.end } } } } }`,
      [anEvent('s.h', 1), anEvent('s.h', 2), anEvent('s.end', 3), anEvent('s.h', 4)],
    );
    expect(output).toEqual([1, 2]);
  });
});

describe('filters', () => {
  it('compare attributes, by value, pattern or expression', async () => {
    const { output } = await hear(
      `listen: { to: { all: [
        { with: { type: f.a, subject: 'kitchen' } }, { with: { type: 'f\\.(b|c)' } },
        { with: { type: f.d, floor: 3, subject: '\${ startswith("bath") }' } }, { with: { type: f.e, data: { n: [1, 2] } } } ] } }`,
      [
        anEvent('f.a', 1, { subject: 'bath' }),
        anEvent('f.a', 2, { subject: 'kitchen' }),
        anEvent('fxb', 3),
        anEvent('f.c', 4),
        anEvent('f.d', 5, { subject: 'bathroom', floor: 2 }),
        anEvent('f.d', 6, { subject: 'bathroom', floor: 3 }),
        anEvent('f.e', { n: [2, 1] }),
        anEvent('f.e', { n: [1, 2] }),
      ],
    );
    expect(output).toEqual([2, 4, 6, { n: [1, 2] }]);
  });

  it('correlate with what the definition expects', async () => {
    const { output } = await hear(
      `listen: { to: { one: { with: { type: f.order }, correlate: { order: { from: .data.order, expect: '\${ .order }' } } } } }`,
      [anEvent('f.order', { order: 'B' }), anEvent('f.order', { order: 'A' })],
      { input: { order: 'A' } },
    );
    expect(output).toEqual([{ order: 'A' }]);
  });

  it('correlate with each other by the first value', async () => {
    const filter = (type: string): string =>
      `{ with: { type: ${type} }, correlate: { room: { from: .roomid } } }`;
    const { output } = await hear(`listen: { to: { all: [${filter('f.temp')}, ${filter('f.hum')}] } }`, [
      anEvent('f.temp', 20, { roomid: 'kitchen' }),
      anEvent('f.hum', 50, { roomid: 'bath' }),
      anEvent('f.hum', 60, { roomid: 'kitchen' }),
    ]);
    expect(output).toEqual([20, 60]);
  });
});

describe('foreach', () => {
  it('works through each event in order, with output and export', async () => {
    const { output, report } = await hear(
      `listen: { to: { any: [{ with: { type: e.x } }], until: '\${ ($context.sum) >= 6 }' } }, foreach: { item: event, at: i,
        do: [{ pause: { wait: { milliseconds: 10 } } }, { double: { set: { n: '\${ $event * 2 }', i: '\${ $i }' } } }],
        output: { as: '\${ .n }' }, export: { as: '\${ { sum: (($context.sum // 0) + $event) } }' } }`,
      [1, 2, 3, 4].map((n) => anEvent('e.x', n)),
      { more: `, { sum: { set: { all: '\${ . }', sum: '\${ $context.sum }' } } }` },
    );
    expect(output).toEqual({ all: [2, 4, 6], sum: 6 });
    expect(report.tasks.filter(({ name }) => name === 'double')).toHaveLength(3);
  });

  it('begins with the input of the task for each event', async () => {
    const { output } = await hear(
      `listen: { to: { any: [{ with: { type: e.z } }], until: '\${ length == 2 }' } }, foreach: {
        do: [{ note: { set: { room: '\${ .room }', heard: '\${ $item }' } } }] }`,
      [1, 2].map((n) => anEvent('e.z', n)),
      { input: { room: 'lounge' } },
    );
    expect(output).toEqual([
      { room: 'lounge', heard: 1 },
      { room: 'lounge', heard: 2 },
    ]);
  });

  it('ends the workflow where a task says so', async () => {
    const { output } = await hear(
      `listen: { to: { any: [{ with: { type: e.y } }], until: '\${ false }' } }, foreach: { item: event,
        do: [{ note: { set: { n: '\${ $event }' } } },
          { check: { switch: [{ last: { when: '.n == 3', then: end } }, { other: { then: continue } }] } }] }`,
      [1, 2, 3].map((n) => anEvent('e.y', n)),
    );
    expect(output).toEqual({ n: 3 });
  });
});

describe('delivery', () => {
  it('hands over an event that came before its listener, to one execution of a definition', async () => {
    const event = anEvent('d.early', 'early');
    await service.routing.router.route([event]);
    const handle = await service.start(
      `do: [{ hear: { listen: { to: { one: { with: { type: d.early } } } } } }]`,
      {},
    );
    expect((await service.ended(handle)).output).toEqual(['early']);
    const { entries } = await service.routing.inbox.list({ type: 'd.early', limit: 10 });
    expect(entries.map(({ recipients }) => recipients.length)).toEqual([1]);
  });

  it('counts an event once however often it comes', async () => {
    const event = anEvent('d.twice', 1);
    const { output } = await hear(
      `listen: { to: { any: [{ with: { type: d.twice } }], until: '\${ length == 2 }' } }`,
      [event, event, { ...event, data: 'changed' }, anEvent('d.twice', 2)],
    );
    expect(output).toEqual([1, 2]);
  });

  it('gives two listeners in a row two events, and two at once the same', async () => {
    const one = `listen: { to: { one: { with: { type: d.both } } } }`;
    const row = await service.start(
      `do: [{ a: { ${one}, export: { as: '\${ . }' } } }, { b: { ${one} } }, { both: { set: { a: '\${ $context }', b: '\${ . }' } } }]`,
      {},
    );
    await listening(row);
    await service.routing.router.route([anEvent('d.both', 1), anEvent('d.both', 2)]);
    expect((await service.ended(row)).output).toEqual({ a: [1], b: [2] });
    const fork = await service.start(
      `do: [{ both: { fork: { branches: [{ a: { ${one.replace('d.both', 'd.fork')} } }, { b: { ${one.replace('d.both', 'd.fork')} } }] } } }]`,
      {},
    );
    await listening(fork, 2);
    await service.routing.router.route([anEvent('d.fork', 3)]);
    expect((await service.ended(fork)).output).toEqual([[3], [3]]);
  });

  it.each([4_000, 30])(
    'loses none of 200 events in a row, and keeps their order (a run has %d events)',
    async (historyEvents) => {
      const type = `d.fast${historyEvents}`;
      const handle = await service.start(
        `do: [{ hear: { listen: { to: { any: [{ with: { type: ${type} } }], until: '\${ length == 200 }' } }, foreach: { do: [{ pass: { set: '\${ $item }' } }] } } }]`,
        {},
        { historyEvents },
      );
      await listening(handle);
      const events = Array.from({ length: 200 }, (_, index) => anEvent(type, index));
      // Some at once and some one by one, with every tenth twice.
      await service.routing.router.route(events.slice(0, 50));
      for (const [index, event] of events.slice(50).entries()) {
        await service.routing.router.route(index % 10 === 0 ? [event, event] : [event]);
      }
      expect((await service.ended(handle)).output).toEqual(events.map(({ data }) => data));
    },
    120_000,
  );

  it('drops the subscription of an execution that has gone', async () => {
    const handle = await service.start(
      `do: [{ hear: { listen: { to: { one: { with: { type: d.gone } } } } } }]`,
      {},
    );
    await listening(handle);
    const before = await openSubscriptions(service.store);
    await handle.terminate('for the test');
    const [routed] = await service.routing.router.route([anEvent('d.gone', 1)]);
    expect(routed).toMatchObject({ known: false, delivered: [] });
    expect(await openSubscriptions(service.store)).toBe(before - 1);
  });
});

describe('the end of listening', () => {
  it('removes the subscription on a timeout', async () => {
    const handle = await service.start(
      `do: [{ hear: { timeout: { after: { milliseconds: 300 } }, listen: { to: { one: { with: { type: x.never } } } } } }]`,
      {},
    );
    const { error } = await service.ended(handle);
    expect(error).toMatchObject({ status: 408, instance: '/do/0/hear' });
    expect(await openSubscriptions(service.store)).toBe(0);
  });

  it('removes the subscription when the execution is cancelled, and shows that it waited', async () => {
    const handle = await service.start(
      `do: [{ hear: { listen: { to: { one: { with: { type: x.never } } } } } }]`,
      {},
    );
    await listening(handle);
    expect(await openSubscriptions(service.store)).toBe(1);
    expect(await handle.query<StatusReport>(statusQuery)).toMatchObject({ status: 'waiting' });
    await handle.cancel();
    await expect(handle.result()).rejects.toThrow(WorkflowFailedError);
    expect(await openSubscriptions(service.store)).toBe(0);
  });

  it('removes the subscription when a task of foreach faults', async () => {
    const { error } = await hear(
      `listen: { to: { any: [{ with: { type: x.fault } }], until: '\${ false }' } }, foreach: { do: [{ fail: { raise: { error: { type: 'https://x.test/bad', status: 500, title: Bad } } } }] }`,
      [anEvent('x.fault', 1)],
    );
    expect(error).toMatchObject({ instance: '/do/0/hear/foreach/do/0/fail' });
    expect(await openSubscriptions(service.store)).toBe(0);
  });

  it('does not fault for what filters say of strange events, but for what until says', async () => {
    const { error } = await hear(
      `listen: { to: { any: [{ with: { type: x.until, data: '\${ .n > 1 }' } }], until: '\${ .[0].n.m == 1 }' } }`,
      [anEvent('x.until', 'text'), anEvent('x.until', { n: 2 })],
    );
    expect(error).toMatchObject({ status: 400, instance: '/do/0/hear' });
  });
});
