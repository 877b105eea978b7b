import type { JsonObject } from '../../json.ts';
import { describeValue, quote, suggestion } from '../../wording.ts';
import { withSecrets } from '../expression-scope.ts';
import { templateObject } from '../expressions.ts';
import { report, seeing } from '../place.ts';
import type { Place, Rule } from '../place.ts';
import { a2aArguments, grpcArguments, mcpArguments } from './call-others.ts';
import { asyncapiArguments } from './call-asyncapi.ts';
import { httpArguments } from './call-http.ts';
import { openapiArguments } from './call-openapi.ts';
import type { TaskForm } from './form.ts';

const supported = new Set(['http', 'openapi']);

const argumentRules = new Map<string, Rule>([
  ['http', httpArguments],
  ['openapi', openapiArguments],
  ['asyncapi', asyncapiArguments],
  ['grpc', grpcArguments],
  ['a2a', a2aArguments],
  ['mcp', mcpArguments],
]);

const called: Rule = (value, place) => {
  if (typeof value !== 'string') {
    report(place, 'type', `expected the name of a protocol or function, found ${describeValue(value)}`);
  } else if (argumentRules.has(value)) {
    if (!supported.has(value))
      report(place, 'unsupported', `call: ${value} is not supported in this release`);
  } else checkFunction(value, place);
};

function checkFunction(name: string, place: Place): void {
  const { functions } = place.context.names;
  if (functions.has(name)) {
    report(place, 'unsupported', 'Calling a function of use.functions is not supported in this release');
  } else if (name.includes('@') || name.includes('://')) {
    report(place, 'unsupported', 'Calling a function of a catalog is not supported in this release');
  } else {
    const hint = suggestion(name, [...argumentRules.keys(), ...functions]);
    const message = `${quote(name)} is no protocol, and use.functions defines no function of that name${hint}`;
    report(place, 'unknown-reference', message);
  }
}

/** "Call": uses a service. Its arguments are evaluated in the activity where they name a secret. */
export function callTask(task: JsonObject): TaskForm {
  const rule = typeof task.call === 'string' ? argumentRules.get(task.call) : undefined;
  const args = rule ?? templateObject;
  return {
    title: 'a call task',
    required: rule === undefined ? [] : ['with'],
    fields: { call: called, with: (value, place) => args(value, seeing(place, withSecrets(place.scope))) },
  };
}
