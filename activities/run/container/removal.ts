import type { ContainerDescription } from './container-description.ts';
import { containerLabels } from './container-options.ts';
import type { Containers } from './containers.ts';

/** Removes containers that have ended ("Container Lifetime"). */
export interface Removal {
  /** Removes the container of a process that has ended, now, later or never. */
  after(id: string, container: Pick<ContainerDescription, 'cleanup' | 'removeAfterMs'>): Promise<void>;
  close(): void;
}

const longestTimerMs = 2 ** 31 - 1;

/**
 * When a container is to be removed stands in its label, so that it is removed also when this worker has ended by then:
 * the next one that starts looks for them.
 */
export function createRemoval(containers: Containers): Removal {
  const timers = new Set<NodeJS.Timeout>();

  const removeLater = (id: string, afterMs: number): void => {
    const timer = setTimeout(
      () => {
        timers.delete(timer);
        // Whoever starts next tries again.
        containers.remove(id).catch(() => undefined);
      },
      Math.min(Math.max(0, afterMs), longestTimerMs),
    );
    timer.unref();
    timers.add(timer);
  };

  const takeUp = async (): Promise<void> => {
    for (const { id, state, labels } of await containers.labelled(containerLabels.removeAfterMs)) {
      if (state !== 'exited') continue;
      const removeAfterMs = Number(labels[containerLabels.removeAfterMs]);
      removeLater(id, (await containers.finishedAt(id)) + removeAfterMs - Date.now());
    }
  };
  // An engine that is away is told of when a container is to run.
  void takeUp().catch(() => undefined);

  return {
    async after(id, { cleanup, removeAfterMs = 0 }) {
      if (cleanup === 'eventually') removeLater(id, removeAfterMs);
      // What cannot be removed now must not fail the task, whose process is over.
      else if (cleanup === 'always') await containers.remove(id).catch(() => undefined);
    },
    close: () => timers.forEach(clearTimeout),
  };
}
