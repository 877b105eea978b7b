import { isJsonObject } from '../../dsl/json.ts';
import type { Json } from '../../dsl/json.ts';
import type { Store } from '../store/port.ts';

/** A turn at a job that several processes share. */
export interface Turn {
  /** What the turn before left; null at the first. */
  readonly left: Json;
  /** Leaves something for the next turn. */
  leave(state: Json): Promise<void>;
}

/**
 * Takes the turn at a job that is due every `everyMs` milliseconds, whichever process does it: undefined when it is not
 * due, or another one was faster. A turn that takes longer than that, or a clock that is wrong, may let two do the job at
 * once: it has to bear that. Fails with a `StoreError`.
 */
export async function takeTurn(store: Store, job: string, everyMs: number): Promise<Turn | undefined> {
  const key = `turn/${job}`;
  const document = await store.get(key);
  const { at, left = null } = isJsonObject(document?.value) ? document.value : {};
  const now = Date.now();
  if (typeof at === 'number' && Math.abs(now - at) < everyMs) return undefined;
  const expected = document === undefined ? 'absent' : { version: document.version };
  const version = await store.put(key, { at: now, left }, expected);
  if (version === undefined) return undefined;
  return {
    left,
    leave: async (state) => {
      await store.put(key, { at: now, left: state }, { version });
    },
  };
}
