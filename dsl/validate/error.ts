/** Errors that a definition raises or catches ("Error"). */
import { describeValue } from '../wording.ts';
import { isLiteralText, isMarkedExpression, templateText } from './expressions.ts';
import { report } from './place.ts';
import type { Rule } from './place.ts';
import { anything, integer, object, text } from './rules.ts';
import { uriOrExpression } from './uri.ts';

const jsonPointer = /^(?:\/(?:[^~/]|~[01])*)*$/;

const instance: Rule = (value, place) => {
  templateText(value, place);
  if (typeof value === 'string' && !isMarkedExpression(value) && !jsonPointer.test(value)) {
    report(place, 'format', `expected a JSON Pointer or an expression, found ${describeValue(value)}`);
  }
};

/** An error that is raised. */
export const errorDefinition = object({
  title: 'an error',
  required: ['type', 'status'],
  fields: { type: uriOrExpression, status: integer(), instance, title: templateText, detail: templateText },
});

const literal: Rule = (value, place) => {
  text()(value, place);
  if (typeof value === 'string' && !isLiteralText(value)) {
    report(
      place,
      'value',
      'an error filter compares with plain texts; write an expression in "when" of the catch',
    );
  }
};

/** Which errors are caught: each property must be equal. */
export const errorFilter = object({
  title: 'an error filter',
  atLeastOne: true,
  fields: { type: literal, status: integer(), instance: literal, title: literal, detail: literal },
  others: anything,
});
