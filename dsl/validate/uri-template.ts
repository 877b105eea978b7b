/** URIs with `{name}` in them ("URI Template"; RFC 6570, RFC 3986). */
import { describeValue } from '../wording.ts';
import { isMarkedExpression } from './expressions.ts';
import { report } from './place.ts';
import type { Rule } from './place.ts';
import { reportType } from './rules.ts';

// RFC 6570, 2.1 and 2.3, with the operators that are told apart below.
const template =
  /^(?:[^\p{Cc} "'<>%\\^`{|}]|%[0-9A-Fa-f]{2}|\{[+#./;?&=,!@|]?(?:[A-Za-z0-9_]|%[0-9A-Fa-f]{2})(?:[A-Za-z0-9_.,:*]|%[0-9A-Fa-f]{2})*\})+$/u;
// A URI may have apostrophes and a template may not.
const reference =
  /^(?:[A-Za-z][A-Za-z0-9+.-]*:\/\/[A-Za-z0-9.-]+(?::\d+)?)?\/(?:[A-Za-z0-9_.~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*$/;
const operators = /\{[+#./;?&=,!@|]|\{[^}]*[,:*]/;

/** A URI, in which only the simple form `{name}` stands for data. */
export const uriTemplate: Rule = (value, place) => {
  if (typeof value !== 'string') return reportType(value, place, 'a URI, a text');
  if (isMarkedExpression(value)) {
    report(place, 'format', 'expected a URI or a URI template; an expression may not stand here');
  } else if (value.includes('${')) {
    const message =
      'an expression stands for a whole URI; write "${ "https://example.com/\\(.id)" }", or a URI template such as "https://example.com/{id}"';
    report(place, 'format', message);
  } else if (!template.test(value) && !reference.test(value)) {
    report(place, 'format', `expected a URI or a URI template, found ${describeValue(value)}`);
  } else if (operators.test(value)) {
    report(place, 'unsupported', 'of URI templates only the simple form {name} is part of the language');
  }
};

/** A URI that stands for itself. */
export const literalUri: Rule = (value, place) => {
  if (typeof value !== 'string') return reportType(value, place, 'a URI, a text');
  if (template.test(value) || reference.test(value)) return;
  report(place, 'format', `expected a URI, found ${describeValue(value)}`);
};
