/** Items of lists like tasks and cases: objects with one key, the name. */
import { isJsonObject } from '../json.ts';
import { describeValue } from '../wording.ts';
import { below, report } from './place.ts';
import type { Rule } from './place.ts';

/** An item with exactly one key; what stands under it follows the rule. */
export function namedItem(title: string, rule: Rule): Rule {
  return (value, place) => {
    const names = isJsonObject(value) ? Object.keys(value) : [];
    const [first, second] = names;
    if (!isJsonObject(value) || first === undefined) {
      return report(place, 'type', `expected ${title} under its name, found ${describeValue(value)}`);
    }
    if (second !== undefined) {
      const message = `each item holds ${title} under its name and nothing beside; "${second}" needs an item (or an indentation) of its own`;
      report(below(place, second), 'value', message, { key: true });
    }
    // A second key at this depth mostly belongs into the first one: checking it as a task would only confuse.
    rule(value[first] ?? null, below(place, first));
  };
}
