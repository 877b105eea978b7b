/** Functions that a definition brings along ("Use", "Creating a Custom Function"). */
import { isJsonObject } from '../json.ts';
import { quote } from '../wording.ts';
import { below, report } from './place.ts';
import type { Rule } from './place.ts';
import { all, mapOf } from './rules.ts';
import { task } from './task.ts';
import { functionsCalledIn } from './tasks/call-function.ts';

/** A function stands for its task wherever it is called: one that calls itself would never end. */
const noCircles: Rule = (value, place) => {
  if (!isJsonObject(value)) return;
  const calls = new Map(
    Object.entries(value).map(([name, found]) => [name, functionsCalledIn(found)] as const),
  );
  for (const name of calls.keys()) {
    const circle = wayBack(name, calls);
    if (circle === undefined) continue;
    const message =
      circle.length === 1
        ? `the function ${quote(name)} calls itself`
        : `the function ${quote(name)} calls itself through ${circle.slice(1).map(quote).join(' and ')}`;
    report(below(place, name), 'value', message, { key: true });
  }
};

/** The names from a function to the one that calls it again, or undefined where none does. */
function wayBack(
  name: string,
  calls: ReadonlyMap<string, ReadonlySet<string>>,
): readonly string[] | undefined {
  const open: (readonly string[])[] = [[name]];
  const seen = new Set<string>();
  for (let way = open.pop(); way !== undefined; way = open.pop()) {
    const next = calls.get(way.at(-1) ?? '') ?? [];
    for (const called of next) {
      if (called === name) return way;
      if (!calls.has(called) || seen.has(called)) continue;
      seen.add(called);
      open.push([...way, called]);
    }
  }
  return undefined;
}

/** `use.functions`. */
export const functions: Rule = all(mapOf('functions', task), noCircles);
