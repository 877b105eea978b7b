import { isJsonObject } from '../../json.ts';
import type { Json } from '../../json.ts';
import { quote } from '../../wording.ts';
import { expression } from '../expressions.ts';
import { below, report } from '../place.ts';
import type { Place, Rule } from '../place.ts';
import { all, array, object, text } from '../rules.ts';
import { namedItem } from '../named-item.ts';
import type { TaskForm } from './form.ts';

const switchCase = object({
  title: 'a case',
  required: ['then'],
  fields: { when: expression, then: text() },
});

const cases = array('cases', namedItem('a case', switchCase), 1);

/** Only one case can be the one that matches when no other does. */
const oneDefault: Rule = (value, place) => {
  const defaults = casesOf(value, place).filter(
    ({ value: found }) => isJsonObject(found) && found.when === undefined,
  );
  const [first, ...others] = defaults;
  for (const { name, at } of first === undefined ? [] : others) {
    report(
      at,
      'duplicate',
      `the case ${quote(name)} has no "when", as ${quote(first?.name ?? '')} before it`,
      {
        key: true,
      },
    );
  }
};

function casesOf(value: Json, place: Place): readonly { name: string; value: Json; at: Place }[] {
  if (!Array.isArray(value)) return [];
  return (value as readonly Json[]).flatMap((item, index) =>
    isJsonObject(item)
      ? Object.entries(item).map(([name, found]) => ({
          name,
          value: found,
          at: below(below(place, index), name),
        }))
      : [],
  );
}

/** "Switch": goes where the first matching case says. */
export function switchTask(): TaskForm {
  return { title: 'a switch task', fields: { switch: all(cases, oneDefault) } };
}
