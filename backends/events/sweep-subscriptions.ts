import { isJsonObject } from '../../dsl/json.ts';
import type { Store, StoredDocument } from '../store/port.ts';
import type { EventDelivery } from './delivery.ts';
import { subscriptionKeys } from './event-keys.ts';

// Each costs a question to Temporal: so many at once, and in one call.
const atOnce = 5;
const perCall = 200;

export interface SweptSubscriptions {
  readonly removed: number;
  /** Where the next call goes on; absent when all were seen. */
  readonly cursor?: string;
}

/**
 * Removes subscriptions of executions that are closed: one that was terminated leaves its own. Looks at 200 of them a
 * call. What Temporal does not know is left alone, since through a wrong namespace it knows none of them; the first event
 * for it removes it. Fails when the store or Temporal does not answer.
 */
export async function sweepSubscriptions(
  store: Store,
  delivery: Pick<EventDelivery, 'stateOf'>,
  cursor?: string,
): Promise<SweptSubscriptions> {
  const page = await store.scan(subscriptionKeys.subscriptions, {
    limit: perCall,
    ...(cursor === undefined ? {} : { cursor }),
  });
  const left = page.documents.values();
  let removed = 0;
  const work = async (): Promise<void> => {
    for (const document of left) {
      const workflowId = executionOf(document);
      if (workflowId === undefined || (await delivery.stateOf(workflowId)) !== 'closed') continue;
      if (await store.delete(document.key, { version: document.version })) removed += 1;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return { removed, ...(page.cursor === undefined ? {} : { cursor: page.cursor }) };
}

/** The id of the execution that subscribed; undefined for a definition that starts by events. */
function executionOf({ value }: StoredDocument): string | undefined {
  if (!isJsonObject(value) || value['kind'] !== 'execution') return undefined;
  const { workflowId } = value;
  return typeof workflowId === 'string' ? workflowId : undefined;
}
