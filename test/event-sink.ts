/** A system that takes CloudEvents over HTTP, as the setting `events` may name one. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import type { AddressInfo } from 'node:net';
import type { CloudEvent } from '../workflows/contract.ts';

export interface EventSink {
  readonly url: string;
  /** Every event in the order in which it came first. */
  readonly events: readonly CloudEvent[];
  /** How often each id came. */
  readonly deliveries: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

/** Starts a sink on a free port. `answer` gives the status for an event that came; 204 where it gives nothing. */
export async function startEventSink(
  answer: (event: CloudEvent, deliveries: number) => number | undefined | Promise<number | undefined> = () =>
    undefined,
): Promise<EventSink> {
  const events: CloudEvent[] = [];
  const deliveries = new Map<string, number>();
  const server = createServer((request, response) => {
    const respond = async (): Promise<void> => {
      const event = JSON.parse(await text(request)) as CloudEvent;
      const count = (deliveries.get(event.id) ?? 0) + 1;
      deliveries.set(event.id, count);
      if (count === 1) events.push(event);
      response.writeHead((await answer(event, count)) ?? 204).end();
    };
    respond().catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/events`,
    events,
    deliveries,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
