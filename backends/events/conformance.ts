import type { CloudEvent } from '../../workflows/contract.ts';
import type { EventPublisher } from './port.ts';

/** An opened system, and the events that a consumer on its other side has seen. */
export interface OpenedEvents {
  readonly publisher: EventPublisher;
  received(): Promise<readonly CloudEvent[]>;
  close(): Promise<void>;
}

/** What every event system promises. Call it at the top level of the system's test file. */
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

function anEvent(id: string): CloudEvent {
  return { specversion: '1.0', id, source: 'https://shop.example', type: 'order.placed', data: { id } };
}
