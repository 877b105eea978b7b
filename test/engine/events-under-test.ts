/** For tests of listening: events, and waiting until a listener is where events reach it. */
import { setTimeout as delay } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import type { Store } from '../../backends/store/port.ts';
import type { Json, JsonObject } from '../../dsl/json.ts';
import { statusQuery, type CloudEvent, type StatusReport } from '../../workflows/contract.ts';

let count = 0;

/** An event of a type of this test's own, with a new id unless given. */
export function anEvent(type: string, data: Json, attributes: JsonObject = {}): CloudEvent {
  count += 1;
  return { specversion: '1.0', id: `e-${count}`, source: 'https://sensors.test', type, data, ...attributes };
}

/** Waits until the execution waits in every one of so many listeners. */
export async function listening(handle: WorkflowHandle, listeners = 1): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const { tasks } = await handle.query<StatusReport>(statusQuery);
    if (tasks.filter(({ status }) => status === 'waiting').length >= listeners) return;
    await delay(50);
  }
  throw new Error(`${handle.workflowId} does not listen`);
}

/** The keys of subscriptions that are open. */
export async function openSubscriptions(store: Store): Promise<number> {
  const { documents } = await store.scan('subscription/', { limit: 1_000 });
  return documents.length;
}
