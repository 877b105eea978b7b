/** Keeps the values used last, up to a total size; the one unused for longest goes first. */
export interface RecentlyUsed<Value> {
  get(key: string): Value | undefined;
  set(key: string, value: Value): void;
}

/** A cache in memory; `sizeOf` says what a value counts, in the unit of `maxSize`. A larger value is not kept. */
export function recentlyUsed<Value>(maxSize: number, sizeOf: (value: Value) => number): RecentlyUsed<Value> {
  // A Map iterates in insertion order: each use moves its key to the end.
  const entries = new Map<string, { readonly value: Value; readonly size: number }>();
  let total = 0;

  function drop(key: string): void {
    total -= entries.get(key)?.size ?? 0;
    entries.delete(key);
  }

  return {
    get(key) {
      const entry = entries.get(key);
      if (entry === undefined) return undefined;
      entries.delete(key);
      entries.set(key, entry);
      return entry.value;
    },
    set(key, value) {
      drop(key);
      const size = sizeOf(value);
      if (size > maxSize) return;
      entries.set(key, { value, size });
      total += size;
      for (const oldest of entries.keys()) {
        if (total <= maxSize) break;
        drop(oldest);
      }
    },
  };
}
