import { setImmediate } from 'node:timers/promises';
import { isJsonObject } from '../../dsl/json.ts';
import type { Json } from '../../dsl/json.ts';
import type { CloudEvent } from '../../workflows/contract.ts';
import { eventPublisherConformance } from './conformance.ts';
import { openMemoryEvents } from './memory.ts';

const anEvent = (id: string): CloudEvent => ({
  specversion: '1.0',
  id,
  source: 'test',
  type: 'test.happened',
});

function idOf(content: Json): string {
  const id = isJsonObject(content) ? content['id'] : undefined;
  return typeof id === 'string' ? id : '';
}

eventPublisherConformance('memory', async () => {
  const publisher = openMemoryEvents();
  return { publisher, received: async () => publisher.recent(), close: () => publisher.close() };
});

describe('events in memory', () => {
  it('keep only the last ones', async () => {
    const events = openMemoryEvents(2);
    for (const id of ['1', '2', '3']) await events.publish(anEvent(id));
    expect(events.recent().map(({ id }) => id)).toEqual(['2', '3']);
  });

  it('reach a consumer once and in order, until it stops', async () => {
    const events = openMemoryEvents();
    const seen: string[] = [];
    const consumption = await events.consume({ group: 'test', concurrency: 4 }, async ({ content }) => {
      seen.push(idOf(content));
    });
    for (const id of ['1', '1', '2']) await events.publish(anEvent(id));
    while ((await consumption.lag?.()) !== 0) await setImmediate();
    await consumption.stop();
    await events.publish(anEvent('3'));
    expect(seen).toEqual(['1', '2']);
  });

  it('come again until their handler takes them, before later ones of their source', async () => {
    const events = openMemoryEvents();
    const seen: string[] = [];
    const done = Promise.withResolvers<void>();
    const consumption = await events.consume(
      { group: 'test', concurrency: 4 },
      async ({ content, attempt, following = [] }) => {
        const ids = [content, ...following].map(idOf);
        seen.push(`${ids.join(' ')}: ${attempt}`);
        if (ids.includes('1') && attempt < 3) throw new Error('not yet');
        if (ids.includes('2')) done.resolve();
      },
    );
    await events.publish(anEvent('1'));
    await events.publish(anEvent('2'));
    await done.promise;
    await consumption.stop();
    expect(seen).toEqual(['1: 1', '1 2: 2', '1 2: 3']);
  });

  it('hand over what waits for one source together, and never more than they may', async () => {
    const events = openMemoryEvents();
    const seen: string[] = [];
    const begun = Promise.withResolvers<void>();
    const consumption = await events.consume(
      { group: 'test', concurrency: 3 },
      async ({ content, following = [] }) => {
        seen.push([content, ...following].map(idOf).join(' '));
        await begun.promise;
      },
    );
    for (const id of ['1', '2', '3', '4', '5']) await events.publish(anEvent(id));
    await events.publish({ ...anEvent('6'), source: 'other' });
    expect(await consumption.lag?.()).toBe(6);
    expect(seen).toEqual(['1', '6']);
    begun.resolve();
    while ((await consumption.lag?.()) !== 0) await setImmediate();
    await consumption.stop();
    expect(seen).toEqual(['1', '6', '2 3', '4 5']);
  });
});
