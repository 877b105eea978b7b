/**
 * Which messages of a partition are done. Kafka keeps one offset a partition, so that a message may be committed only
 * with all before it.
 */
export interface OffsetLedger {
  /** Notes a message that came, in their order. False when it is known: it came again before it was committed. */
  delivered(offset: string): boolean;
  done(offset: string): void;
  /** The offset to go on from: one after the last message up to which all are done. Undefined where there is none. */
  committable(): string | undefined;
  /** Forgets what is before an offset that was committed. */
  committed(offset: string): void;
  /** Messages that came and are not done. */
  readonly open: number;
}

interface Entry {
  readonly offset: string;
  isDone: boolean;
}

export function createOffsetLedger(): OffsetLedger {
  const known = new Map<string, Entry>();
  // In order; the first `ready` ones are done.
  const entries: Entry[] = [];
  let ready = 0;
  let open = 0;
  return {
    delivered(offset) {
      if (known.has(offset)) return false;
      const entry = { offset, isDone: false };
      known.set(offset, entry);
      entries.push(entry);
      open += 1;
      return true;
    },
    done(offset) {
      const entry = known.get(offset);
      if (entry === undefined || entry.isDone) return;
      entry.isDone = true;
      open -= 1;
      while (entries[ready]?.isDone === true) ready += 1;
    },
    committable() {
      const last = entries[ready - 1];
      return last === undefined ? undefined : String(BigInt(last.offset) + 1n);
    },
    committed(offset) {
      const end = BigInt(offset);
      let count = 0;
      while (count < ready && BigInt(entries[count]?.offset ?? offset) < end) count += 1;
      for (const entry of entries.splice(0, count)) known.delete(entry.offset);
      ready -= count;
    },
    get open() {
      return open;
    },
  };
}
