/** URI templates, endpoints and external resources ("URI Template", "Endpoint", "External Resource"). */
import { describeValue } from '../wording.ts';
import { authentication } from './authentication.ts';
import { isWholeExpression, templateText } from './expressions.ts';
import { report, seeing } from './place.ts';
import type { Rule } from './place.ts';
import { object, reportType, text, textOrObject } from './rules.ts';
import { withSecrets } from './expression-scope.ts';

// RFC 3986, appendix B, without white space. The interpolated parts have been taken out before.
const reference = /^(?:[^:/?#\s]+:)?(?:\/\/[^/?#\s]*)?[^?#\s]*(?:\?[^#\s]*)?(?:#\S*)?$/;
const operators = /\{[+#./;?&=,!@|]/;

/** A URI with `{name}` in it, an expression, or a URI with `${ }` in it. */
export const uriTemplate: Rule = (value, place) => {
  if (typeof value !== 'string') return reportType(value, place, 'a URI, a text');
  templateText(value, place);
  if (isWholeExpression(value)) return;
  const literal = value.replace(/\$\{[^]*\}/g, 'x');
  if (literal === '' || !reference.test(literal)) {
    report(place, 'format', `expected a URI or a URI template, found ${describeValue(value)}`);
  } else if (operators.test(literal)) {
    report(place, 'unsupported', 'of URI templates only the simple form {name} is part of the language');
  }
};

/** Where a call goes to. */
export const endpoint: Rule = textOrObject(
  'a URI, an expression or an object with "uri"',
  uriTemplate,
  object({
    title: 'an endpoint',
    required: ['uri'],
    fields: {
      uri: uriTemplate,
      authentication: (value, place) => authentication(value, seeing(place, withSecrets(place.scope))),
    },
  }),
);

/** A document that is fetched from somewhere. */
export const externalResource: Rule = object({
  title: 'an external resource',
  required: ['endpoint'],
  fields: { name: text(), endpoint },
});
