/** The small checker that the rules of the language are written in: one function for each kind of value. */
import { isJsonObject } from '../json.ts';
import type { Json, JsonObject } from '../json.ts';
import { describeValue, orList, quote, suggestion } from '../wording.ts';
import { below, report } from './place.ts';
import type { Place, Rule } from './place.ts';

/** Takes any value. */
export const anything: Rule = () => {};

/** An object of the language: its fields, and nothing else unless `others` says so. */
export interface Shape {
  /** With its article, as in "a retry policy". */
  readonly title: string;
  readonly fields: Readonly<Record<string, Rule>>;
  readonly required?: readonly string[];
  readonly others?: Rule;
  readonly atLeastOne?: boolean;
}

/** An object with known fields. */
export function object(shape: Shape): Rule {
  return (value, place) => {
    if (!expectObject(value, place, shape.title)) return;
    checkRequired(value, place, shape.title, shape.required ?? []);
    checkFields(value, place, shape);
    if (shape.atLeastOne === true && Object.keys(value).length === 0) {
      report(place, 'value', `${shape.title} must have at least one field`);
    }
  };
}

/** Reports each required field that is not there. */
export function checkRequired(
  value: JsonObject,
  place: Place,
  title: string,
  required: readonly string[],
): void {
  for (const name of required) {
    if (!Object.hasOwn(value, name)) report(place, 'missing', `${title} needs the field "${name}"`);
  }
}

/** Checks each field by its rule, and reports those that have none. */
export function checkFields(value: JsonObject, place: Place, shape: Omit<Shape, 'required'>): void {
  for (const [name, member] of Object.entries(value)) {
    const rule = Object.hasOwn(shape.fields, name) ? shape.fields[name] : shape.others;
    if (rule !== undefined) rule(member, below(place, name));
    else reportUnknownField(below(place, name), name, shape.title, Object.keys(shape.fields));
  }
}

/** Reports a field that the object does not have, with the nearest one that it has. */
export function reportUnknownField(
  place: Place,
  name: string,
  title: string,
  known: readonly string[],
): void {
  const near = suggestion(name, known);
  const listed =
    known.length === 1 ? `its only field is ${known.join('')}` : `its fields are ${known.join(', ')}`;
  const hint = near === '' && known.length <= 8 ? `; ${listed}` : near;
  report(place, 'unknown-field', `${title} has no field ${quote(name)}${hint}`, { key: true });
}

/** An object whose member names are free and whose values follow one rule. */
export function mapOf(title: string, rule: Rule): Rule {
  return object({ title, fields: {}, others: rule });
}

/** An array; `minimum` items or more. */
export function array(title: string, item: Rule, minimum = 0): Rule {
  return (value, place) => {
    if (!Array.isArray(value)) return reportType(value, place, `${title}, an array`);
    const items = value as readonly Json[];
    if (items.length < minimum) report(place, 'value', `${title} must have at least ${minimum} items`);
    for (const [index, member] of items.entries()) item(member, below(place, index));
  };
}

/** Chooses the rule by the value: an object, or a text. */
export function textOrObject(what: string, text: Rule, objectRule: Rule): Rule {
  return (value, place) => {
    if (typeof value === 'string') text(value, place);
    else if (isJsonObject(value)) objectRule(value, place);
    else reportType(value, place, what);
  };
}

/** An object of which exactly one of some fields says what it is. Other fields are checked as usual. */
export function exactlyOneOf(shape: Shape, alternatives: readonly string[]): Rule {
  const fields = object(shape);
  return (value, place) => {
    fields(value, place);
    if (!isJsonObject(value)) return;
    const present = alternatives.filter((name) => Object.hasOwn(value, name));
    if (present.length === 0) {
      // A mistyped field has its own finding, which says more.
      const unknown = Object.keys(value).some((name) => !Object.hasOwn(shape.fields, name));
      if (!unknown)
        report(place, 'missing', `${shape.title} needs one of the fields ${orList(alternatives)}`);
    } else if (present.length > 1) {
      const [, second = ''] = present;
      const message = `${shape.title} takes only one of the fields ${orList(alternatives)}, found ${present.join(' and ')}`;
      report(below(place, second), 'value', message, { key: true });
    }
  };
}

/** A text, optionally of a certain form. */
export function text(form?: { readonly what: string; readonly pattern: RegExp }): Rule {
  return (value, place) => {
    if (typeof value !== 'string') return reportType(value, place, form?.what ?? 'a text');
    if (form !== undefined && !form.pattern.test(value)) {
      report(place, 'format', `expected ${form.what}, found ${describeValue(value)}`);
    }
  };
}

/** One of a few texts. */
export function oneOf(...choices: readonly string[]): Rule {
  return (value, place) => {
    const listed = orList(choices.map((choice) => `"${choice}"`));
    if (typeof value !== 'string') return reportType(value, place, listed);
    if (choices.includes(value)) return;
    const near = suggestion(value, choices);
    // With the near one named, a long list of the others would only hide it.
    const expected = near !== '' && choices.length > 8 ? `one of ${choices.length} known texts` : listed;
    report(place, 'value', `expected ${expected}, found ${describeValue(value)}${near}`);
  };
}

/** A whole number within bounds. */
export function integer(minimum = -Infinity, maximum = Infinity): Rule {
  return (value, place) => {
    if (typeof value !== 'number' || !Number.isInteger(value))
      return reportType(value, place, 'a whole number');
    if (value < minimum) report(place, 'value', `must be at least ${minimum}, found ${value}`);
    if (value > maximum) report(place, 'value', `must be at most ${maximum}, found ${value}`);
  };
}

/** True or false. */
export const boolean: Rule = (value, place) => {
  if (typeof value !== 'boolean') reportType(value, place, 'true or false');
};

/** An object with any members. */
export const anyObject: Rule = (value, place) => {
  expectObject(value, place, 'an object');
};

/** Several rules for one value. */
export function all(...rules: readonly Rule[]): Rule {
  return (value, place) => {
    for (const rule of rules) rule(value, place);
  };
}

/** Whether the value is an object; reports it where it is not. */
export function expectObject(value: Json, place: Place, title: string): value is JsonObject {
  if (isJsonObject(value)) return true;
  reportType(value, place, title === 'an object' ? title : `${title}, an object`);
  return false;
}

/** Reports a value of the wrong type. */
export function reportType(value: Json, place: Place, expected: string): void {
  const quotes =
    /text|string|version|name/.test(expected) && (typeof value === 'number' || typeof value === 'boolean')
      ? '; put it between quotes'
      : '';
  report(place, 'type', `expected ${expected}, found ${describeValue(value)}${quotes}`);
}
