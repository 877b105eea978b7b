/**
 * Which messages of a consumer are done. Kafka keeps one offset a partition, so that a message may be acknowledged only
 * with all before it: the commit waits for these.
 */
export interface OffsetLedger {
  delivered(partition: number, offset: string): void;
  /** Commits up to the first message of the partition that is still open. */
  acknowledged(partition: number, offset: string): Promise<void>;
}

/** `commit` gets the offset to go on from: one after the last message that is done. */
export function createOffsetLedger(
  commit: (partition: number, offset: string) => Promise<void>,
): OffsetLedger {
  /** By partition, in order: what was delivered and not committed, and whether it is done. */
  const open = new Map<number, Map<string, boolean>>();
  return {
    delivered(partition, offset) {
      const offsets = open.get(partition) ?? new Map<string, boolean>();
      open.set(partition, offsets.set(offset, false));
    },
    async acknowledged(partition, offset) {
      const offsets = open.get(partition);
      if (offsets?.has(offset) !== true) return;
      offsets.set(offset, true);
      let last: string | undefined;
      for (const [next, isDone] of offsets) {
        if (!isDone) break;
        last = next;
        offsets.delete(next);
      }
      if (last !== undefined) await commit(partition, String(BigInt(last) + 1n));
    },
  };
}
