/** What the systems promise whose lanes are divided by leases, beside what every system does. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { CloudEvent } from '../../workflows/contract.ts';
import { startConsumerProcess } from './consumer-process.ts';
import type { ConsumerProcess } from './consumer-process.ts';
import { openEvents } from './open.ts';
import type { EventSystem } from './open.ts';
import { EventRejectedError, EventSystemError } from './port.ts';
import type { Consumption } from './port.ts';

export interface LaneSystemUnderTest {
  readonly name: string;
  /** A URL of what no other test uses. */
  newUrl(): string;
  /** The same, where it takes only a few events of 100 KB that are not acknowledged. */
  newSmallUrl(): string;
  cleanUp(url: string): Promise<void>;
  /** Messages that the system keeps, acknowledged or not. */
  kept(url: string): Promise<number>;
  /** Starts a server in this folder that wants TLS and the user `ann` with the password `hunter2-secret`. */
  startSecure(folder: string): Promise<SecureServer>;
}

export interface SecureServer {
  /** The URL of the server by this scheme and login, up to its path. */
  url(login: string, isSecure: boolean): string;
  /** The file of the authority that signed the server's certificate. */
  readonly ca: string;
  readonly stop: () => Promise<void>;
}

const secret = 'hunter2-secret';

export function laneSystemConformance(system: LaneSystemUnderTest): void {
  describe(`lanes of ${system.name}`, () => {
    const opened: EventSystem[] = [];
    const processes: ConsumerProcess[] = [];
    let url: string;
    afterEach(async () => {
      await Promise.all(processes.splice(0).map((child) => child.kill()));
      await Promise.all(opened.splice(0).map((one) => one.close()));
      await system.cleanUp(url);
    });
    const open = async (given = url): Promise<EventSystem> => {
      const one = await openEvents(given);
      opened.push(one);
      return one;
    };

    it('takes no event that no group would get', async () => {
      url = system.newSmallUrl();
      const { publisher, consumer } = await open();
      const failure = await failureOf(publisher.publish(anEvent('early')));
      expect(failure).toBeInstanceOf(EventSystemError);
      expect(String(failure)).toContain('a bridge makes it when it starts');
      const seen: unknown[] = [];
      await consume(consumer, ({ content }) => void seen.push(content));
      await publisher.publish(anEvent('early'));
      await until(() => seen.length > 0);
      expect(seen).toEqual([anEvent('early')]);
    });

    it('refuses what has no room, loses nothing of what it has taken, and keeps nothing that is done', async () => {
      url = system.newSmallUrl();
      const { publisher, consumer } = await open();
      const hand = Promise.withResolvers<void>();
      const done: string[] = [];
      const consumption = await consume(consumer, async ({ content, following = [] }) => {
        await hand.promise;
        for (const one of [content, ...following]) done.push((one as CloudEvent).id);
      });
      const taken: string[] = [];
      let failure: unknown;
      for (let count = 0; failure === undefined && count < 100; count += 1) {
        const id = String(count);
        failure = await failureOf(publisher.publish({ ...anEvent(id), data: 'x'.repeat(100_000) }));
        if (failure === undefined) taken.push(id);
      }
      expect(failure).toBeInstanceOf(EventSystemError);
      expect(failure).not.toBeInstanceOf(EventRejectedError);
      expect(taken.length).toBeGreaterThan(1);
      expect(await consumption.lag?.()).toBe(taken.length);
      hand.resolve();
      await until(() => done.length === taken.length);
      expect(done).toEqual(taken);
      await until(async () => (await system.kept(url)) === 0);
      await publisher.publish(anEvent('late'));
      await until(() => done.includes('late'));
      expect(done).toEqual([...taken, 'late']);
      await until(async () => (await consumption.lag?.()) === 0);
    });

    it('keeps the order when a consumer stands still, and goes on when another has its lanes', async () => {
      url = system.newUrl();
      const done: string[] = [];
      const onLine = (line: { readonly done?: string }): void => {
        if (line.done !== undefined) done.push(line.done);
      };
      const still = await startConsumerProcess(url, 'conformance', 8, onLine);
      processes.push(still);
      const other = await startConsumerProcess(url, 'conformance', 8, onLine);
      processes.push(other);
      const doneBy = ({ lines }: typeof still): number =>
        lines.filter((line) => line.done !== undefined).length;
      const { publisher } = await open();
      const published: string[] = [];
      let isOver = false;
      const publishAll = async (): Promise<void> => {
        for (let round = 0; !isOver; round += 1) {
          const ids = Array.from({ length: 20 }, (_, key) => `k${key}.${round}`);
          const events = ids.map((id) => ({ ...anEvent(id), partitionkey: keyOf(id), data: { pauseMs: 2 } }));
          await Promise.all(events.map((event) => publisher.publish(event)));
          published.push(...ids);
          await delay(50);
        }
      };
      const publishing = publishAll();
      try {
        await until(() => doneBy(still) > 100 && doneBy(other) > 100);
        still.pause();
        const before = new Set(published);
        // The other has everything.
        const late = (): Set<string> => new Set(done.filter((id) => !before.has(id)).map(keyOf));
        await until(() => late().size === 20);
        const soFar = doneBy(still);
        still.resume();
        await until(() => doneBy(still) > soFar);
        await delay(2_000);
      } finally {
        isOver = true;
        await publishing;
      }
      await until(() => new Set(done).size === published.length);
      const numbers = new Map<string, string[]>();
      for (const id of new Set(done)) numbers.set(keyOf(id), [...(numbers.get(keyOf(id)) ?? []), id]);
      for (const ids of numbers.values())
        expect(ids).toEqual(ids.map((_, n) => `${keyOf(ids[0] ?? '')}.${n}`));
    }, 150_000);

    it('speaks TLS to whom it can trust, and ends at once where it is not let in', async () => {
      url = system.newSmallUrl();
      const folder = await mkdtemp(join(tmpdir(), 'perdure-secure-'));
      const server = await system.startSecure(folder);
      try {
        const trusted = `?ca=${encodeURIComponent(server.ca)}`;
        const right = await open(`${server.url(`ann:${secret}`, true)}${trusted}`);
        const seen: unknown[] = [];
        await consume(right.consumer, ({ content }) => void seen.push(content));
        await right.publisher.publish(anEvent('1'));
        await until(() => seen.length > 0);

        const wrong = await open(`${server.url('ann:hunter2-guess', true)}${trusted}`);
        const begun = performance.now();
        const refused = await failureOf(consume(wrong.consumer, () => undefined));
        expect(refused).toBeInstanceOf(EventSystemError);
        expect(String(refused)).not.toContain('hunter2-guess');
        expect(performance.now() - begun).toBeLessThan(20_000);

        for (const other of [server.url(`ann:${secret}`, true), server.url(`ann:${secret}`, false)]) {
          const { publisher } = await open(other);
          const failure = await failureOf(publisher.publish(anEvent('2')));
          expect(failure).toBeInstanceOf(EventSystemError);
          expect(String(failure)).not.toContain(secret);
        }
        expect(seen).toEqual([anEvent('1')]);
      } finally {
        await Promise.all(opened.splice(0).map((one) => one.close()));
        await server.stop();
        await rm(folder, { recursive: true });
      }
    });
  });
}

async function consume(
  consumer: EventSystem['consumer'],
  handle: (
    received: Parameters<Parameters<NonNullable<typeof consumer>['consume']>[1]>[0],
  ) => Promise<void> | void,
): Promise<Consumption> {
  if (consumer === undefined) throw new Error('there is no consumer');
  return await consumer.consume({ group: 'conformance', concurrency: 8 }, async (received) =>
    handle(received),
  );
}

/** The key of the event `key.number`. */
function keyOf(id: string): string {
  return id.slice(0, id.indexOf('.'));
}

function anEvent(id: string): CloudEvent {
  return { specversion: '1.0', id, source: 'https://shop.example', type: 'order.placed' };
}

async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 40_000;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error('it did not come to be');
    await delay(50);
  }
}
