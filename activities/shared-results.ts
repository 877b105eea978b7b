/** Results that several callers share while they are fresh. */
export interface SharedResults<Value> {
  /** The fresh result under `key`, or that of `make`, which runs once for all who ask meanwhile. Failures are not kept. */
  get(key: string, make: () => Promise<Value>): Promise<Value>;
  /** Forgets `stale` where it is still the result under `key`: who comes later than the first keeps the newer one. */
  drop(key: string, stale: Value): void;
}

export interface SharedResultsOptions<Value> {
  /** The oldest result goes when there are more. */
  readonly maxKept: number;
  /** When a result stops being fresh, in milliseconds since 1970. */
  readonly freshUntil: (value: Value) => number;
}

interface Entry<Value> {
  readonly work: Promise<Value>;
  settled?: { readonly value: Value; readonly freshUntil: number };
}

/** Keeps results in memory; they belong to the object. */
export function createSharedResults<Value>(options: SharedResultsOptions<Value>): SharedResults<Value> {
  const entries = new Map<string, Entry<Value>>();
  return {
    get(key, make) {
      const known = entries.get(key);
      if (known !== undefined && (known.settled?.freshUntil ?? Infinity) > Date.now()) return known.work;
      const entry: Entry<Value> = { work: make() };
      entries.delete(key);
      entries.set(key, entry);
      entry.work.then(
        (value) => (entry.settled = { value, freshUntil: options.freshUntil(value) }),
        () => entries.get(key) === entry && entries.delete(key),
      );
      const oldest = entries.keys().next();
      if (entries.size > options.maxKept && oldest.done !== true) entries.delete(oldest.value);
      return entry.work;
    },
    drop(key, stale) {
      if (entries.get(key)?.settled?.value === stale) entries.delete(key);
    },
  };
}
