/** A small generator of pseudo-random numbers from 0 to 1 (mulberry32): the same ones for the same seed. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One of the items. There must be some. */
export function pick<Item>(items: readonly Item[], random: () => number): Item {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new RangeError('Nothing to pick from');
  return item;
}

/** Another seed at each call; PERDURE_TEST_SEED sets one, to do again what a test printed. */
export function anySeed(): number {
  return Number(process.env['PERDURE_TEST_SEED'] ?? Date.now() % 100_000);
}
