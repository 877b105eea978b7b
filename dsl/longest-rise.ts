/** What can stay where it is when a list is reordered. */

interface Rise {
  readonly score: number;
  /** Position of its last number. */
  readonly last: number;
}

/**
 * The positions of a longest rising subsequence of the numbers from 0 on, each there once: of several the one with most
 * numbers in their own place, and always the same. Takes n log n steps.
 */
export function longestRise(order: readonly number[]): ReadonlySet<number> {
  const size = order.length;
  // A Fenwick tree over the numbers: the best rise that ends below one.
  const tree: (Rise | undefined)[] = [];
  const before: (number | undefined)[] = [];
  let best: Rise | undefined;
  for (const [position, number] of order.entries()) {
    let lower: Rise | undefined;
    for (let node = number; node > 0; node -= node & -node) lower = better(lower, tree[node]);
    before.push(lower?.last);
    // All places together count less than one step more.
    const score = (lower?.score ?? 0) + size + 1 + (number === position ? 1 : 0);
    const rise = { score, last: position };
    for (let node = number + 1; node <= size; node += node & -node) tree[node] = better(tree[node], rise);
    best = better(best, rise);
  }
  const positions = new Set<number>();
  for (let position = best?.last; position !== undefined; position = before[position])
    positions.add(position);
  return positions;
}

function better(one: Rise | undefined, other: Rise | undefined): Rise | undefined {
  return (other?.score ?? 0) > (one?.score ?? 0) ? other : one;
}
