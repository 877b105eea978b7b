import { isJsonObject } from '../../json.ts';
import { a2aMethods } from '../../types.ts';
import { expression, template } from '../expressions.ts';
import { report } from '../place.ts';
import type { Rule } from '../place.ts';
import { all, object, oneOf, textOrObject } from '../rules.ts';
import { endpointOrService, resourceOrService } from '../uri.ts';

const parameters = textOrObject(
  'an object or an expression',
  expression,
  object({ title: 'the parameters of an A2A call', fields: {}, others: template, atLeastOne: true }),
);

const someServer: Rule = (value, place) => {
  if (isJsonObject(value) && value.agentCard === undefined && value.server === undefined) {
    report(place, 'missing', 'an A2A call needs one of the fields agentCard or server');
  }
};

/** "A2A Call": the arguments of `call: a2a`. */
export const a2aArguments = all(
  object({
    title: 'an A2A call',
    required: ['method'],
    fields: {
      agentCard: resourceOrService,
      server: endpointOrService,
      method: oneOf(...a2aMethods),
      parameters,
    },
  }),
  someServer,
);
