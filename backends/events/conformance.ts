/** What event systems promise, as suites. Call them at the top level of a system's test file. */
import { setTimeout as delay } from 'node:timers/promises';
import { isJsonObject } from '../../dsl/json.ts';
import type { Json } from '../../dsl/json.ts';
import { serverControl } from '../../test/servers/control.ts';
import type { CloudEvent } from '../../workflows/contract.ts';
import { startConsumerProcess } from './consumer-process.ts';
import type { ConsumerProcess } from './consumer-process.ts';
import { openEvents } from './open.ts';
import type { EventSystem } from './open.ts';
import { EventRejectedError, EventSystemError } from './port.ts';
import type { Consumption, EventPublisher } from './port.ts';

/** An opened system, and the events that a consumer on its other side has seen. */
export interface OpenedEvents {
  readonly publisher: EventPublisher;
  received(): Promise<readonly CloudEvent[]>;
  close(): Promise<void>;
}

/** What every publisher promises. */
export function eventPublisherConformance(name: string, open: () => Promise<OpenedEvents>): void {
  describe(`events on ${name}`, () => {
    let opened: OpenedEvents;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.close());

    it('delivers an event as it was published', async () => {
      const event = { ...anEvent('1'), subject: 'grün ✓', data: { amount: 12.5, lines: [null, true, 'x'] } };
      await opened.publisher.publish(event);
      expect(await opened.received()).toEqual([event]);
    });

    it('delivers events in the order in which they were published', async () => {
      for (const id of ['1', '2', '3']) await opened.publisher.publish(anEvent(id));
      expect((await opened.received()).map(({ id }) => id)).toEqual(['1', '2', '3']);
    });

    it('takes an event again without an error', async () => {
      await opened.publisher.publish(anEvent('1'));
      await opened.publisher.publish(anEvent('1'));
      expect(new Set((await opened.received()).map(({ id }) => id))).toEqual(new Set(['1']));
    });
  });
}

/** A message of another service, as its protocol has it. */
export interface ForeignMessage {
  readonly body: Uint8Array;
  readonly contentType?: string;
  /** Attributes of a CloudEvent in binary mode. */
  readonly attributes?: Readonly<Record<string, string>>;
}

export interface EventSystemUnderTest {
  readonly name: string;
  /** A URL whose topics, queues or streams no other test uses. */
  newUrl(): string;
  /** Publishes as another service would. Absent where there is no other service. */
  publishForeign?(url: string, message: ForeignMessage): Promise<void>;
  /** Removes what a test left at the broker. */
  cleanUp?(url: string): Promise<void>;
  /** The same system where nobody listens, with a user and the password `hunter2-secret`. */
  readonly closedUrl?: string;
  /** How long the broker needs, in milliseconds, until what was just made at it outlives a kill. */
  readonly restMs?: number;
  /** Whether a delivery after a crash says so. */
  readonly countsDeliveries: boolean;
  /** Tests that the system cannot pass, each with the reason. */
  readonly exceptions?: Readonly<Partial<Record<SystemTest, string>>>;
}

type SystemTest = 'sharing' | 'crash' | 'foreign' | 'restart' | 'absence' | 'leaving' | 'lag';

interface Seen {
  readonly content: Json;
  readonly id: string;
  readonly attempt: number;
}

/** A consumer in this process, and what its handler has seen. */
interface Collector {
  /** In the order in which handlers began, and came to them. */
  readonly seen: Seen[];
  /** In the order in which handlers fulfilled; those of one handler together. */
  readonly done: string[];
  /** Ids of what was handed over together, by the number of the handler. */
  readonly groups: readonly (readonly string[])[];
  /** The largest number of events that were in hand at once. */
  mostInHand(): number;
  readonly consumption: Consumption;
  /** Resolves when every one of these ids is done; fails after `withinMs`. */
  all(ids: readonly string[], withinMs?: number): Promise<void>;
}

const group = 'conformance';

/** What every event system promises that is published to and consumed from. */
export function eventSystemConformance(system: EventSystemUnderTest): void {
  const control = serverControl();
  const { exceptions = {} } = system;
  /** Leaves a test out where it says why. */
  const unless = (...tests: readonly SystemTest[]): jest.It =>
    tests.some((test) => exceptions[test] !== undefined) ? it.skip : it;
  const withServer = (test: SystemTest): jest.It => (control === undefined ? it.skip : unless(test));

  describe(`the event system ${system.name}`, () => {
    const opened: EventSystem[] = [];
    const processes: ConsumerProcess[] = [];
    const reports: string[] = [];
    let url: string;
    beforeEach(() => {
      url = system.newUrl();
      reports.length = 0;
    });
    afterEach(async () => {
      await Promise.all(processes.splice(0).map((child) => child.kill()));
      await Promise.all(opened.splice(0).map((one) => one.close()));
      if (url !== system.closedUrl) await system.cleanUp?.(url);
    });

    // One process has one memory: what it opens has to be the same thing.
    const inProcess = new Map<string, Promise<EventSystem>>();
    const open = async (): Promise<EventSystem> => {
      if (url.startsWith('memory:')) {
        const shared = inProcess.get(url) ?? openEvents('memory:');
        inProcess.set(url, shared);
        return await shared;
      }
      const one = await openEvents(url, (message, error) => reports.push(`${message}: ${String(error)}`));
      opened.push(one);
      return one;
    };
    const collect = async (
      options: { readonly group?: string; readonly concurrency?: number } = {},
      handle: (received: Seen) => Promise<void> | void = () => undefined,
    ): Promise<Collector> => {
      const { consumer } = await open();
      if (consumer === undefined) throw new Error(`${system.name} has no consumer`);
      const seen: Seen[] = [];
      const done: string[] = [];
      const groups: string[][] = [];
      let inHand = 0;
      let most = 0;
      const consumption = await consumer.consume({ group, concurrency: 8, ...options }, async (received) => {
        const { content, following = [], attempt } = received;
        const all = [content, ...following].map((one) => ({ content: one, id: idOf(one), attempt }));
        groups.push(all.map(({ id }) => id));
        inHand += all.length;
        most = Math.max(most, inHand);
        try {
          for (const one of all) {
            seen.push(one);
            await handle(one);
          }
          done.push(...all.map(({ id }) => id));
        } finally {
          inHand -= all.length;
        }
      });
      return {
        seen,
        done,
        groups,
        mostInHand: () => most,
        consumption,
        all: (ids, withinMs = 60_000) =>
          until(
            withinMs,
            () => missing(ids, done),
            () => `${JSON.stringify(missing(ids, done))} did not come`,
          ),
      };
    };
    const startProcess = async (concurrency = 4): Promise<ConsumerProcess> => {
      const child = await startConsumerProcess(url, group, concurrency);
      processes.push(child);
      return child;
    };

    it('delivers events as they were published', async () => {
      const collector = await collect();
      const { publisher } = await open();
      const events: CloudEvent[] = [
        {
          ...anEvent('1'),
          subject: 'grün ✓ 🚚',
          time: '2026-01-31T12:00:00.123Z',
          data: { amount: 12.5, lines: [null, true, 'x', { deep: [[[]]] }], '': 'ключ' },
        },
        { ...anEvent('2'), partitionkey: 'Zoë', retries: 3, urgent: true, traceparent: '00-a-b-01' },
        { ...anEvent('3'), datacontenttype: 'image/png', data_base64: 'iVBORw0KGgoAAP+A/w==' },
        { ...anEvent('4'), datacontenttype: 'text/plain', data: 'zwei\nZeilen' },
        { ...anEvent('5'), data: null },
      ];
      for (const event of events) await publisher.publish(event);
      await collector.all(['1', '2', '3', '4', '5']);
      expect(collector.seen.map(({ content }) => content).toSorted(byId)).toEqual(events);
      expect(collector.seen.map(({ attempt }) => attempt)).toEqual([1, 1, 1, 1, 1]);
    });

    it('keeps the order of each key, many keys side by side, and no more in hand than allowed', async () => {
      const ids = eventIds(25, 12);
      const busy = new Set<string>();
      let mostKeys = 0;
      let collisions = 0;
      const collector = await collect({ concurrency: 6 }, async ({ id }) => {
        const key = keyOf(id);
        if (busy.has(key)) collisions += 1;
        busy.add(key);
        mostKeys = Math.max(mostKeys, busy.size);
        await delay(1 + (id.length % 3) * 3);
        busy.delete(key);
      });
      const { publisher } = await open();
      await Promise.all(ids.map((id) => publisher.publish(keyed(id))));
      await collector.all(ids);
      expect(collisions).toBe(0);
      expect(mostKeys).toBeGreaterThan(1);
      expect(collector.mostInHand()).toBeLessThanOrEqual(6);
      expectOrder(collector.seen.map(({ id }) => id));
    });

    it('carries 1 MiB', async () => {
      const collector = await collect();
      const { publisher } = await open();
      // Does not compress.
      const text = Array.from({ length: 1024 * 128 }, () =>
        Math.random().toString(36).slice(2, 10).padEnd(8, 'x'),
      ).join('');
      await publisher.publish({ ...anEvent('large'), data: { text } });
      await collector.all(['large']);
      expect(collector.seen).toMatchObject([{ content: { data: { text } } }]);
    });

    it('brings an event again when its handler rejects, before later ones of its key', async () => {
      const collector = await collect({}, ({ id, attempt }) => {
        if (id === 'a.1' && attempt < 3) throw new Error('not yet');
      });
      const { publisher } = await open();
      for (const id of ['a.1', 'a.2', 'b.1']) await publisher.publish(keyed(id));
      await collector.all(['a.1', 'a.2', 'b.1']);
      const ofA = collector.seen.filter(({ id }) => id.startsWith('a.'));
      const [first, second, third, ...rest] = ofA.map(({ id, attempt }) => `${id} ${attempt}`);
      expect([first, second, third]).toEqual(['a.1 1', 'a.1 2', 'a.1 3']);
      expect(rest).toHaveLength(1);
      expect(rest[0]).toMatch(/^a\.2 /);
    });

    it('hands over together what waits of a key, acknowledges it together and brings it again together', async () => {
      let hand = Promise.withResolvers<void>();
      let isToFail = false;
      const collector = await collect({}, async ({ id }) => {
        if (id.endsWith('0')) await hand.promise;
        if (!isToFail || !id.endsWith('4')) return;
        isToFail = false;
        throw new Error('not yet');
      });
      const { publisher } = await open();
      const isTogether = (ids: readonly string[]): boolean =>
        ids.length > 1 && ids.at(-1)?.endsWith('4') === true;
      const published: string[] = [];
      // What the system has at hand behind an event comes with time.
      const deadline = performance.now() + 60_000;
      for (let round = 1; !collector.groups.some(isTogether); round += 1) {
        if (performance.now() > deadline) throw new Error('nothing came together');
        hand = Promise.withResolvers<void>();
        isToFail = true;
        const ids = [0, 1, 2, 3, 4].map((n) => `a.${round}${n}`);
        published.push(...ids);
        for (const id of ids) await publisher.publish(keyed(id));
        await until(
          20_000,
          () =>
            missing(
              [ids[0] ?? ''],
              collector.seen.map(({ id }) => id),
            ),
          () => `${ids[0]} did not come`,
        );
        await delay(100 * round);
        hand.resolve();
        await collector.all(ids);
      }
      expect(collector.done).toEqual(published);
      const at = collector.groups.findIndex(isTogether);
      expect(collector.groups[at + 1]).toEqual(collector.groups[at]);
      await collector.consumption.stop();
      const next = await collect();
      await publisher.publish(keyed('a.end'));
      await next.all(['a.end']);
      // Nothing of a group was left without an acknowledgement.
      expect(next.done).toEqual(['a.end']);
    });

    it('takes an event again without an error', async () => {
      const collector = await collect();
      const { publisher } = await open();
      for (const id of ['1', '1', '2']) await publisher.publish(anEvent(id));
      await collector.all(['1', '2']);
      expect(new Set(collector.done)).toEqual(new Set(['1', '2']));
    });

    unless('lag')('tells how many events are not acknowledged', async () => {
      const hand = Promise.withResolvers<void>();
      const collector = await collect({ concurrency: 2 }, () => hand.promise);
      const { publisher } = await open();
      for (const id of ['a.1', 'a.2', 'b.1', 'b.2', 'b.3']) await publisher.publish(keyed(id));
      const comesTo = async (wanted: number): Promise<void> => {
        let found = -1;
        for (const deadline = performance.now() + 20_000; found !== wanted; await delay(20)) {
          found = (await collector.consumption.lag?.()) ?? -1;
          if (performance.now() > deadline) throw new Error(`${found} instead of ${wanted} are left`);
        }
      };
      await comesTo(5);
      hand.resolve();
      await comesTo(0);
    });

    it('gives every group everything', async () => {
      const [one, other] = [await collect({ group: 'one' }), await collect({ group: 'other' })];
      const { publisher } = await open();
      const ids = eventIds(5, 2);
      for (const id of ids) await publisher.publish(keyed(id));
      await Promise.all([one.all(ids), other.all(ids)]);
      expect([one.done.length, other.done.length]).toEqual([ids.length, ids.length]);
    });

    it('gives a new group everything when its consumers begin at the same moment', async () => {
      const both = await Promise.all([collect(), collect()]);
      const { publisher } = await open();
      const ids = eventIds(10, 3);
      for (const id of ids) await publisher.publish(keyed(id));
      const done = (): readonly string[] => both.flatMap((one) => one.done);
      await until(
        60_000,
        () => missing(ids, done()),
        () => `${JSON.stringify(missing(ids, done()))} did not come`,
      );
    });

    it('ends what is in hand when it stops, and takes nothing more', async () => {
      const hand = Promise.withResolvers<void>();
      const begun = Promise.withResolvers<void>();
      const first = await collect({ concurrency: 1 }, async () => {
        begun.resolve();
        await hand.promise;
      });
      const { publisher } = await open();
      for (const id of ['a.1', 'a.2', 'a.3']) await publisher.publish(keyed(id));
      await begun.promise;
      let hasStopped = false;
      const stopped = first.consumption.stop().then(() => (hasStopped = true));
      await delay(300);
      expect(hasStopped).toBe(false);
      hand.resolve();
      await stopped;
      expect(first.done).toEqual(['a.1']);
      expect(first.seen).toHaveLength(1);
    });

    unless('leaving')(
      'gives what a stopped consumer did not begin to the next one, and nothing else',
      async () => {
        const first = await collect({ concurrency: 1 }, () => delay(300));
        const { publisher } = await open();
        const ids = ['a.1', 'a.2', 'a.3'];
        for (const id of ids) await publisher.publish(keyed(id));
        await first.all(['a.1']);
        await first.consumption.stop();
        const next = await collect();
        await next.all(ids.filter((id) => !first.done.includes(id)));
        expect([...first.done, ...next.done]).toEqual(ids);
      },
    );

    unless('crash')(
      'brings what a killed consumer had in hand again, before later ones of its key',
      async () => {
        const child = await startProcess();
        const { publisher } = await open();
        // While the first is in hand, the others come to stand behind it, and then are in hand together.
        const events = [keyed('a.1', { pauseMs: 1_000 }), keyed('a.2'), keyed('b.1')];
        const hanging = [keyed('a.3', { hang: true }), keyed('a.4')];
        for (const event of [...events, ...hanging]) await publisher.publish(event);
        await child.says(({ begun }) => begun === 'a.3');
        await child.kill();
        const next = await collect();
        await next.all(['a.3', 'a.4'], 90_000);
        const isInHand = (id: string): boolean => id === 'a.3' || id === 'a.4';
        expect(next.done.filter(isInHand)).toEqual(['a.3', 'a.4']);
        expectOrder(next.done);
        const again = next.seen.find(({ id }) => id === 'a.3');
        expect(again?.attempt).toBeGreaterThanOrEqual(system.countsDeliveries ? 2 : 1);
        const handled = [...child.lines.map(({ done }) => done), ...next.done];
        expect(handled).toContain('b.1');
      },
      150_000,
    );

    unless('sharing')(
      'lets consumers of a group share the events, and take over from each other',
      async () => {
        const children = [await startProcess(), await startProcess()];
        const [killed, survivor] = children as [ConsumerProcess, ConsumerProcess];
        const { publisher } = await open();
        const doneBy = (child: ConsumerProcess): number => child.lines.filter(({ done }) => done).length;
        const published: string[] = [];
        // Balance comes with time.
        const deadline = performance.now() + 60_000;
        for (let round = 0; doneBy(killed) < 20 || doneBy(survivor) < 20; round += 1) {
          if (performance.now() > deadline) {
            throw new Error(`the consumers had ${doneBy(killed)} and ${doneBy(survivor)} events`);
          }
          const ids = Array.from({ length: 30 }, (_, key) => `k${key}.${round}`);
          published.push(...ids);
          await Promise.all(ids.map((id) => publisher.publish(keyed(id, { pauseMs: 5 }))));
          await delay(50);
        }
        await killed.kill();
        const rest = eventIds(30, 3).map((id) => `late-${id}`);
        for (const id of rest) await publisher.publish(keyed(id));
        const handled = (): string[] =>
          children.flatMap(({ lines }) => lines.flatMap(({ done }) => done ?? []));
        await until(
          90_000,
          () => missing([...published, ...rest], handled()),
          () => `${JSON.stringify(missing([...published, ...rest], handled()))} did not come`,
        );
        for (const { lines } of children) expectOrder(lines.flatMap(({ begun }) => begun ?? []));
      },
      180_000,
    );

    unless('foreign')('hands over messages that are no CloudEvents as they came, and goes on', async () => {
      const collector = await collect();
      await system.publishForeign?.(url, { body: Buffer.from('no JSON: grün') });
      await system.publishForeign?.(url, {
        body: Buffer.from('{"order": 7}'),
        contentType: 'application/json',
      });
      await system.publishForeign?.(url, { body: Buffer.from(JSON.stringify(anEvent('1'))) });
      await collector.all(['1']);
      await until(
        20_000,
        () => (collector.seen.length < 3 ? ['a message'] : []),
        () => 'a message did not come',
      );
      const contents = collector.seen.map(({ content }) => content);
      expect(contents).toContainEqual('no JSON: grün');
      expect(contents).toContainEqual({ order: 7 });
    });

    unless('foreign')('reads events of other services, in structured and in binary mode', async () => {
      const collector = await collect();
      const event = { ...anEvent('1'), data: { name: 'Zoë' } };
      const contentType = 'application/cloudevents+json';
      await system.publishForeign?.(url, { body: Buffer.from(JSON.stringify(event)), contentType });
      const attributes = { ...attributesOf(anEvent('2')), subject: 'grün ✓', orderno: 'Größe-7' };
      const json = { attributes, contentType: 'application/json' };
      await system.publishForeign?.(url, { ...json, body: Buffer.from('{"name":"Zoë"}') });
      const binary = { attributes: { ...attributes, id: '3' }, contentType: 'image/png' };
      await system.publishForeign?.(url, { ...binary, body: Buffer.from([0x89, 0x50, 0xff]) });
      await collector.all(['1', '2', '3']);
      expect(collector.seen.map(({ content }) => content).toSorted(byId)).toEqual([
        event,
        { ...attributes, datacontenttype: 'application/json', data: { name: 'Zoë' } },
        { ...attributes, id: '3', datacontenttype: 'image/png', data_base64: 'iVD/' },
      ]);
    });

    withServer('restart')(
      'loses nothing when the broker is restarted while events are published and consumed',
      async () => {
        const collector = await collect({}, () => delay(2));
        const { publisher } = await open();
        let isOver = false;
        const published: string[] = [];
        /** Publishes one key's events in order, each until it is taken. */
        const publishKey = async (key: string): Promise<void> => {
          for (let number = 0; !isOver; number += 1) {
            const id = `${key}.${number}`;
            for (let isTaken = false; !isTaken;) {
              try {
                await publisher.publish(keyed(id));
                isTaken = true;
              } catch (error) {
                expect(error).not.toBeInstanceOf(EventRejectedError);
                await delay(200);
              }
            }
            published.push(id);
            await delay(5);
          }
        };
        const publishing = Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map(publishKey));
        await delay(1_000 + (system.restMs ?? 0));
        await control?.kill();
        await delay(1_500);
        await control?.start();
        const beforeRestart = published.length;
        await until(
          60_000,
          () => (published.length > beforeRestart + 50 ? [] : ['one']),
          () => 'nothing is taken',
        );
        isOver = true;
        await publishing;
        await collector.all(published, 90_000);
        expectOrder(firsts(collector.done));
        expect(reports.join('\n')).toMatch(/is back/);
        expect(reports.join('\n')).not.toContain('hunter2-secret');
      },
      240_000,
    );

    withServer('absence')(
      'waits for a broker that is away at the start',
      async () => {
        // What it needs is there, from an earlier time.
        await (await collect()).consumption.stop();
        const other = await collect({ group: 'other' });
        const isConnected = (): boolean | undefined => other.consumption.isConnected?.();
        expect(isConnected()).not.toBe(false);
        await delay(system.restMs ?? 0);
        await control?.kill();
        await until(
          60_000,
          () => (isConnected() === true ? ['one'] : []),
          () => 'a consumer does not see that its broker is away',
        );
        const collecting = collect();
        await delay(2_000);
        await control?.start();
        const collector = await collecting;
        const { publisher } = await open();
        await publisher.publish(anEvent('1'));
        await collector.all(['1']);
        // Who was there before has to come back by itself.
        await other.all(['1']);
        expect(isConnected()).not.toBe(false);
      },
      180_000,
    );

    unless('absence')('says clearly that no broker is there, without the password', async () => {
      url = system.closedUrl ?? '';
      const { publisher } = await open();
      const failure: unknown = await publisher.publish(anEvent('1')).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(EventSystemError);
      expect(String(failure)).toContain('127.0.0.1:1');
      expect(JSON.stringify(inspected(failure))).not.toContain('hunter2-secret');
    });
  });
}

function anEvent(id: string): CloudEvent {
  return { specversion: '1.0', id, source: 'https://shop.example', type: 'order.placed', data: { id } };
}

/** The event `key.number`, whose key is what its id says. */
function keyed(id: string, data: Json = { id }): CloudEvent {
  return { ...anEvent(id), partitionkey: keyOf(id), data };
}

function keyOf(id: string): string {
  return id.slice(0, id.lastIndexOf('.'));
}

/** Ids of the events of some keys, those of different keys mixed. */
function eventIds(keys: number, each: number): string[] {
  return Array.from({ length: keys * each }, (_, index) => `k${index % keys}.${Math.floor(index / keys)}`);
}

/** The attributes of an event, without its data. */
function attributesOf({ specversion, id, source, type }: CloudEvent): Record<string, string> {
  return { specversion, id, source, type };
}

function idOf(content: Json): string {
  const id = isJsonObject(content) ? content['id'] : undefined;
  return typeof id === 'string' ? id : '';
}

function byId(one: Json, other: Json): number {
  return idOf(one).localeCompare(idOf(other));
}

function missing(wanted: readonly string[], there: readonly string[]): readonly string[] {
  const set = new Set(there);
  return wanted.filter((id) => !set.has(id));
}

function firsts(ids: readonly string[]): readonly string[] {
  return [...new Set(ids)];
}

/** Numbers of one key only grow, but that what came before may come again. */
function expectOrder(ids: readonly string[]): void {
  const last = new Map<string, number>();
  for (const id of firsts(ids)) {
    const number = Number(id.slice(id.lastIndexOf('.') + 1));
    const before = last.get(keyOf(id)) ?? -1;
    if (number <= before) throw new Error(`${id} came after ${before} of its key`);
    last.set(keyOf(id), number);
  }
}

/** Everything that a logger could print of an error. */
function inspected(error: unknown): object {
  if (!(error instanceof Error)) return { error };
  return Object.assign({ message: error.message, stack: error.stack, cause: inspected(error.cause) }, error);
}

/** Waits until nothing is missing. */
async function until(
  withinMs: number,
  lacking: () => readonly string[],
  complaint: () => string,
): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (lacking().length > 0) {
    if (performance.now() > deadline) throw new Error(complaint());
    await delay(20);
  }
}
