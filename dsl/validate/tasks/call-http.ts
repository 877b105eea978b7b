import { describeValue } from '../../wording.ts';
import { isMarkedExpression, template, templateText } from '../expressions.ts';
import { report } from '../place.ts';
import type { Rule } from '../place.ts';
import { boolean, mapOf, object, oneOf, reportType, textOrObject } from '../rules.ts';
import { endpointOrService } from '../uri.ts';

const method: Rule = (value, place) => {
  if (typeof value !== 'string') return reportType(value, place, 'an HTTP method, a text');
  templateText(value, place);
  if (!isMarkedExpression(value) && !/^[A-Za-z][A-Za-z-]*$/.test(value)) {
    report(place, 'format', `expected an HTTP method such as "get", found ${describeValue(value)}`);
  }
};

/** Texts by name, or an expression that gives an object of them. */
function texts(title: string): Rule {
  const expressionText: Rule = (value, place) => {
    templateText(value, place);
    if (typeof value === 'string' && !isMarkedExpression(value)) {
      report(place, 'format', `expected an object or an expression in \${ }, found ${describeValue(value)}`);
    }
  };
  return textOrObject('an object or an expression', expressionText, mapOf(title, templateText));
}

/** "HTTP Call": the arguments of `call: http`. */
export const httpArguments = object({
  title: 'an HTTP call',
  required: ['method', 'endpoint'],
  fields: {
    method,
    endpoint: endpointOrService,
    headers: texts('headers'),
    body: template,
    query: texts('a query'),
    output: oneOf('raw', 'content', 'response'),
    redirect: boolean,
  },
});
