import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import { text } from 'node:stream/consumers';
import type { CloudEvent } from '../../workflows/contract.ts';
import { eventPublisherConformance } from './conformance.ts';
import { openEvents } from './open.ts';
import { EventRejectedError } from './port.ts';

interface Sink {
  readonly url: string;
  readonly events: CloudEvent[];
  readonly headers: IncomingHttpHeaders[];
  close(): Promise<void>;
}

async function startSink(status = 204): Promise<Sink> {
  const events: CloudEvent[] = [];
  const headers: IncomingHttpHeaders[] = [];
  const server: Server = createServer((request, response) => {
    void text(request).then((body) => {
      headers.push(request.headers);
      events.push(JSON.parse(body) as CloudEvent);
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/events`,
    events,
    headers,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

const event: CloudEvent = { specversion: '1.0', id: '7', source: 'test', type: 'test.happened' };

eventPublisherConformance('an HTTP sink', async () => {
  const sink = await startSink();
  const publisher = (await openEvents(sink.url)).publisher;
  return {
    publisher,
    received: async () => sink.events,
    close: async () => {
      await publisher.close();
      await sink.close();
    },
  };
});

describe('an HTTP sink', () => {
  it('gets structured CloudEvents, and the credentials of its URL as basic authentication', async () => {
    const sink = await startSink();
    const publisher = (await openEvents(sink.url.replace('http://', 'http://ann:p%40ss@'))).publisher;
    await publisher.publish(event);
    expect(sink.headers[0]).toMatchObject({
      'content-type': 'application/cloudevents+json; charset=utf-8',
      authorization: `Basic ${Buffer.from('ann:p@ss').toString('base64')}`,
    });
    await publisher.close();
    await sink.close();
  });

  it.each([
    [400, true],
    [307, true],
    [429, false],
    [503, false],
  ])('that answers %d has rejected the event for good: %s', async (status, rejected) => {
    const sink = await startSink(status);
    const publisher = (await openEvents(sink.url)).publisher;
    const failure: unknown = await publisher.publish(event).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Error);
    expect(failure instanceof EventRejectedError).toBe(rejected);
    await publisher.close();
    await sink.close();
  });

  it('that is not there is an error that trying again may cure', async () => {
    const sink = await startSink();
    await sink.close();
    const publisher = (await openEvents(sink.url)).publisher;
    await expect(publisher.publish(event)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await publisher.close();
  });
});
