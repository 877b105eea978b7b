/** The names from a function back to one that was passed before, or undefined where no call leads back. */
export function circleOf(
  start: string,
  calls: ReadonlyMap<string, ReadonlySet<string>>,
): readonly string[] | undefined {
  const settled = new Set<string>();
  const follow = (name: string, way: readonly string[]): readonly string[] | undefined => {
    const before = way.indexOf(name);
    if (before >= 0) return way.slice(before);
    if (settled.has(name)) return undefined;
    for (const called of calls.get(name) ?? []) {
      const circle = follow(called, [...way, name]);
      if (circle !== undefined) return circle;
    }
    settled.add(name);
    return undefined;
  };
  return follow(start, []);
}
