import type { CloudEvent } from '../../workflows/contract.ts';
import { eventPublisherConformance } from './conformance.ts';
import { openMemoryEvents } from './memory.ts';
import { openEventPublisher } from './open.ts';

const anEvent = (id: string): CloudEvent => ({
  specversion: '1.0',
  id,
  source: 'test',
  type: 'test.happened',
});

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

  it('reach subscribers once, until they leave', async () => {
    const events = openMemoryEvents();
    const seen: string[] = [];
    const leave = events.subscribe(({ id }) => seen.push(id));
    for (const id of ['1', '1', '2']) await events.publish(anEvent(id));
    leave();
    await events.publish(anEvent('3'));
    expect(seen).toEqual(['1', '2']);
  });
});

describe('the setting events', () => {
  it('opens memory:', async () => {
    const publisher = await openEventPublisher('memory:');
    await publisher.publish(anEvent('1'));
    await publisher.close();
  });

  it.each(['kafka://broker:9092', 'nonsense', ''])('names what there is for "%s"', async (url) => {
    await expect(openEventPublisher(url)).rejects.toThrow('expected memory:, or http://… or https://…');
  });
});
