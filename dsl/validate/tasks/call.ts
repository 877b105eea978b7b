import type { JsonObject } from '../../json.ts';
import type { CallArguments } from '../../types.ts';
import { describeValue, quote } from '../../wording.ts';
import { withSecrets } from '../expression-scope.ts';
import { report, seeing } from '../place.ts';
import type { Place, Rule } from '../place.ts';
import { all } from '../rules.ts';
import { a2aArguments } from './call-a2a.ts';
import { asyncapiArguments } from './call-asyncapi.ts';
import { dataStepRule, ownArguments } from './call-data.ts';
import { functionArguments, functionName } from './call-function.ts';
import { grpcArguments } from './call-grpc.ts';
import { httpArguments } from './call-http.ts';
import { mcpArguments } from './call-mcp.ts';
import { openapiArguments } from './call-openapi.ts';
import type { TaskForm } from './form.ts';

const argumentsOf: Readonly<Record<Exclude<keyof CallArguments, keyof typeof ownArguments>, Rule>> = {
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
  } else if (Object.hasOwn(ownArguments, value)) ownCall(value, place);
  else if (!protocols.has(value)) functionName(value, protocols.keys(), place);
};

function ownCall(name: string, place: Place): void {
  if (place.context.isBuiltIn) return;
  const message = `${quote(name)} is for functions of the default catalog; call one of them, such as "sql.query:1.0.0@default"`;
  report(place, 'unknown-reference', message);
}

/** Whether a call is one of the language's own, which an activity makes. */
export function isProtocolCall(task: JsonObject): boolean {
  return typeof task.call === 'string' && protocols.has(task.call);
}

/** "Call": uses a service or a function. Its arguments are evaluated in the activity where they name a secret. */
export function callTask(task: JsonObject): TaskForm {
  const args = typeof task.call === 'string' ? protocols.get(task.call) : undefined;
  if (args === undefined) {
    const { call } = task;
    const own = typeof call === 'string' ? (dataStepRule(call) ?? all()) : all();
    return { title: 'a call task', fields: { call: called, with: all(functionArguments, own) } };
  }
  return {
    title: 'a call task',
    required: ['with'],
    fields: { call: called, with: (value, place) => args(value, seeing(place, withSecrets(place.scope))) },
  };
}
