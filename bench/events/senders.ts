/** How events get to the service: into its event system, or over HTTP where that is in the service's own process. */
import { setTimeout as sleep } from 'node:timers/promises';
import { openEvents, staysInProcess } from '../../backends/events/open.ts';
import type { CloudEvent } from '../../workflows/contract.ts';

export interface Sender {
  /** Sends events in their order, again and again until they are taken. */
  send(events: readonly CloudEvent[]): Promise<void>;
  close(): Promise<void>;
}

// The service and its event system go away in between, which is the point.
const pauseMs = 250;

/** A sender for the event system at `url`; `api` is the URL of the service. */
export async function openSender(url: string, api: string): Promise<Sender> {
  if (staysInProcess(url))
    return { send: (events) => persistently(() => post(api, events)), close: async () => {} };
  const system = await openEvents(url);
  return {
    async send(events) {
      for (const event of events) await persistently(() => system.publisher.publish(event));
    },
    close: () => system.close(),
  };
}

async function post(api: string, events: readonly CloudEvent[]): Promise<void> {
  const response = await fetch(`${api}/v1/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/cloudevents-batch+json' },
    body: JSON.stringify(events),
  });
  const answer = await response.text();
  if (response.status !== 202) throw new Error(`the service answered ${response.status}: ${answer}`);
}

async function persistently(call: () => Promise<void>): Promise<void> {
  const until = Date.now() + 180_000;
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (Date.now() > until) throw error;
      await sleep(pauseMs);
    }
  }
}
