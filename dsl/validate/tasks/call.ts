import type { JsonObject } from '../../json.ts';
import type { CallArguments } from '../../types.ts';
import { describeValue } from '../../wording.ts';
import { withSecrets } from '../expression-scope.ts';
import { report, seeing } from '../place.ts';
import type { Rule } from '../place.ts';
import { a2aArguments } from './call-a2a.ts';
import { asyncapiArguments } from './call-asyncapi.ts';
import { functionArguments, functionName } from './call-function.ts';
import { grpcArguments } from './call-grpc.ts';
import { httpArguments } from './call-http.ts';
import { mcpArguments } from './call-mcp.ts';
import { openapiArguments } from './call-openapi.ts';
import type { TaskForm } from './form.ts';

const argumentsOf: Readonly<Record<keyof CallArguments, Rule>> = {
  http: httpArguments,
  openapi: openapiArguments,
  asyncapi: asyncapiArguments,
  grpc: grpcArguments,
  a2a: a2aArguments,
  mcp: mcpArguments,
};

const protocols: ReadonlyMap<string, Rule> = new Map(Object.entries(argumentsOf));

const called: Rule = (value, place) => {
  if (typeof value !== 'string') {
    report(place, 'type', `expected the name of a protocol or function, found ${describeValue(value)}`);
  } else if (!protocols.has(value)) functionName(value, protocols.keys(), place);
};

/** Whether a call is one of the language's own, which an activity makes. */
export function isProtocolCall(task: JsonObject): boolean {
  return typeof task.call === 'string' && protocols.has(task.call);
}

/** "Call": uses a service or a function. Its arguments are evaluated in the activity where they name a secret. */
export function callTask(task: JsonObject): TaskForm {
  const args = typeof task.call === 'string' ? protocols.get(task.call) : undefined;
  if (args === undefined) return { title: 'a call task', fields: { call: called, with: functionArguments } };
  return {
    title: 'a call task',
    required: ['with'],
    fields: { call: called, with: (value, place) => args(value, seeing(place, withSecrets(place.scope))) },
  };
}
