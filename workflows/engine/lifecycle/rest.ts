import { condition } from '@temporalio/workflow';

/** Wakes whoever sees to what has changed, once the execution has come to rest: nothing of it can go on by itself then. */
export interface Rest {
  /** Notes that something has changed. */
  disturb(): void;
  /** Resolves at the next rest after a change at which `may` holds. */
  afterChange(may?: () => boolean): Promise<void>;
}

/** A watch over changes for one who waits. */
export function createRest(): Rest {
  let isDisturbed = false;
  let isOver = false;
  return {
    disturb() {
      if (isDisturbed) return;
      isDisturbed = true;
      // Temporal looks at conditions also in between, before promises go on: that is no rest.
      void Promise.resolve().then(() => {
        isOver = true;
      });
    },
    async afterChange(may = () => true) {
      await condition(() => isOver && may());
      isDisturbed = false;
      isOver = false;
    },
  };
}
