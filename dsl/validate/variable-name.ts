/** The names that `for`, `foreach` and `catch` give to variables. */
import { isJsonObject } from '../json.ts';
import type { Json } from '../json.ts';
import { quote } from '../wording.ts';
import { reservedVariables, withLocals } from './expression-scope.ts';
import { report, seeing } from './place.ts';
import type { Place, Rule } from './place.ts';
import { reportType } from './rules.ts';

const identifier = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** A name that expressions can use as `$name`. */
export const variableName: Rule = (value, place) => {
  if (typeof value !== 'string') reportType(value, place, "a variable's name");
  else if (!identifier.test(value)) {
    const message = `a variable's name consists of letters, digits and _, found ${quote(value)}`;
    report(place, 'format', message);
  } else if (reservedVariables.has(value)) {
    report(place, 'value', `$${value} has a meaning of its own; choose another name`);
  }
};

/** The name that a field gives to a variable, or the name that it has without. */
export function nameGiven(holder: Json | undefined, field: string, otherwise: string): string {
  const name = isJsonObject(holder) ? holder[field] : undefined;
  // A name that is none has its own finding: nothing can be called so.
  return typeof name === 'string' && identifier.test(name) ? name : otherwise;
}

/** The rule, where expressions see these variables too. */
export function withVariables(names: readonly string[], rule: Rule): Rule {
  return (value, place: Place) => rule(value, seeing(place, withLocals(place.scope, names)));
}

/** Reports two variables of one loop that have the same name. */
export function distinctNames(first: string, second: string, field: string): Rule {
  return (value, place) => {
    if (first !== second || !isJsonObject(value)) return;
    const at = Object.hasOwn(value, field) ? { ...place, pointer: `${place.pointer}/${field}` } : place;
    report(at, 'duplicate', `the item and its index are both named $${first}`);
  };
}
