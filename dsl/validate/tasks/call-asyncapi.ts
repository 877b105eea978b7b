import { isJsonObject } from '../../json.ts';
import { asyncapiProtocols } from '../../types.ts';
import { authentication } from '../authentication.ts';
import { duration } from '../duration.ts';
import { markedExpression, templateObject, templateText } from '../expressions.ts';
import { iterator } from '../iterator.ts';
import { report, seeing } from '../place.ts';
import type { Rule } from '../place.ts';
import { all, exactlyOneOf, integer, object, oneOf } from '../rules.ts';
import { externalResource } from '../uri.ts';

const consume = exactlyOneOf(
  {
    title: 'a consumption policy',
    fields: { for: duration, amount: integer(1), while: markedExpression, until: markedExpression },
  },
  ['amount', 'while', 'until'],
);

const subscriptionForm = object({
  title: 'a subscription',
  required: ['consume'],
  fields: { filter: markedExpression, consume, foreach: iterator },
});

/** Its expressions are evaluated between messages, by the workflow: what they see enters its history. */
const subscription: Rule = (value, place) =>
  subscriptionForm(value, seeing(place, { ...place.scope, secrets: false }));

const onePurpose: Rule = (value, place) => {
  if (!isJsonObject(value)) return;
  for (const [one, other] of [
    ['operation', 'channel'],
    ['message', 'subscription'],
  ] as const) {
    const count = [one, other].filter((name) => Object.hasOwn(value, name)).length;
    const message = `an AsyncAPI call needs either "${one}" or "${other}"`;
    if (count !== 1) report(place, count === 0 ? 'missing' : 'value', message);
  }
};

/** "AsyncAPI Call": the arguments of `call: asyncapi`. */
export const asyncapiArguments = all(
  object({
    title: 'an AsyncAPI call',
    required: ['document'],
    fields: {
      document: externalResource,
      channel: templateText,
      operation: templateText,
      server: object({
        title: 'a server',
        required: ['name'],
        fields: { name: templateText, variables: templateObject },
      }),
      protocol: oneOf(...asyncapiProtocols),
      message: object({ title: 'a message', fields: { payload: templateObject, headers: templateObject } }),
      subscription,
      authentication,
    },
  }),
  onePurpose,
);
