/** The way of lifecycle events to the event system: in order, in batches, one after the other. */
import { CancellationScope, condition, log, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../../../activities/index.ts';
import { asJson, jsonSize } from '../../../dsl/json.ts';
import type { CloudEvent } from '../../contract.ts';
import { activityTimeouts } from '../activity-timeouts.ts';
import type { Pacing } from '../pacing.ts';
import { createRest } from './rest.ts';

const maxBatchEvents = 100;
const maxBatchBytes = 131_072;
const batchTimeoutMs = 120_000;

// With pauses of 1, 2, 4, 8, 16 and then 30 s these take ten minutes. They count only while there are workers.
const patientAttempts = 25;

// Tasks wait when so many events do.
const maxWaiting = 1_000;

/** Takes events and publishes them behind the execution's back. */
export interface Publisher {
  add(event: CloudEvent): void;
  /** A promise where too many events wait, until there is room again. */
  room(): Promise<void> | undefined;
  /** Resolves when no event waits any more, whatever was cancelled. */
  flush(): Promise<void>;
}

/** A publisher of one run. Each batch is what has come up to the end of a workflow task, as far as it fits. */
export function createPublisher(pacing: Pacing): Publisher {
  const waiting: CloudEvent[] = [];
  const rest = createRest();
  let isBusy = false;
  // While the event system is away for long, one attempt tells whether it is back.
  let attempts = patientAttempts;

  async function publishBatches(): Promise<void> {
    for (;;) {
      await rest.afterChange();
      isBusy = true;
      while (waiting.length > 0) await publishBatch(waiting.splice(0, batchLength(waiting)));
      isBusy = false;
    }
  }

  async function publishBatch(events: readonly CloudEvent[]): Promise<void> {
    const request = { reference: '/', events };
    await pacing.admit(jsonSize(asJson(request)));
    const { retry, ...timeouts } = activityTimeouts(batchTimeoutMs);
    const { publishLifecycle } = proxyActivities<Pick<Activities, 'publishLifecycle'>>({
      activityId: `lifecycle:${events[0]?.id}`,
      summary: 'lifecycle events',
      ...timeouts,
      retry: { ...retry, maximumAttempts: attempts },
    });
    try {
      await publishLifecycle(request);
      attempts = patientAttempts;
    } catch (error) {
      attempts = 1;
      const [first, last] = [events[0]?.id, events.at(-1)?.id];
      log.warn('Lifecycle events were dropped: the event system did not take them', {
        count: events.length,
        first,
        last,
        error,
      });
    }
  }

  void CancellationScope.nonCancellable(publishBatches);

  return {
    add(event) {
      waiting.push(event);
      rest.disturb();
    },
    room: () => (waiting.length < maxWaiting ? undefined : condition(() => waiting.length < maxWaiting)),
    flush: () => CancellationScope.nonCancellable(() => condition(() => waiting.length === 0 && !isBusy)),
  };
}

/** How many events go into the next batch: at least one. */
function batchLength(events: readonly CloudEvent[]): number {
  let bytes = 0;
  const length = events.findIndex((event, index) => {
    bytes += jsonSize(event);
    return index > 0 && (bytes > maxBatchBytes || index >= maxBatchEvents);
  });
  return length < 0 ? events.length : length;
}
