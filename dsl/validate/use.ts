/** Reusable components ("Use"). Each is checked where it is defined. */
import { isJsonObject } from '../json.ts';
import type { Json } from '../json.ts';
import { taskKinds } from '../types.ts';
import { authenticationPolicy } from './authentication.ts';
import { errorDefinition } from './error.ts';
import { expression } from './expressions.ts';
import { reusableScope, withSecrets } from './expression-scope.ts';
import { namedItem } from './named-item.ts';
import { nestedTasks, seeing } from './place.ts';
import type { ReusableNames, Rule } from './place.ts';
import { retryPolicy } from './retry.ts';
import { array, mapOf, object, oneOf, text, unsupported } from './rules.ts';
import { task } from './task.ts';
import { timeoutDefinition } from './timeout.ts';
import { endpoint } from './uri.ts';

/** The names that a definition, checked or not, defines under `use`. */
export function reusableNames(definition: Json): ReusableNames {
  const use = isJsonObject(definition) && isJsonObject(definition.use) ? definition.use : {};
  const keysOf = (kind: string): ReadonlySet<string> => {
    const defined = use[kind];
    return new Set(isJsonObject(defined) ? Object.keys(defined) : []);
  };
  const secrets = Array.isArray(use.secrets) ? (use.secrets as readonly Json[]) : [];
  return {
    authentications: keysOf('authentications'),
    errors: keysOf('errors'),
    functions: keysOf('functions'),
    retries: keysOf('retries'),
    secrets: new Set(secrets.filter((name) => typeof name === 'string')),
    timeouts: keysOf('timeouts'),
  };
}

const extended = [...taskKinds.filter((kind) => kind !== 'do' && kind !== 'fork'), 'composite', 'all'];

const extension = object({
  title: 'an extension',
  required: ['extend'],
  fields: { extend: oneOf(...extended), when: expression, before: nestedTasks, after: nestedTasks },
});

const catalog = object({ title: 'a catalog', required: ['endpoint'], fields: { endpoint } });

const components = object({
  title: 'use',
  fields: {
    authentications: mapOf('authentications', (value, place) =>
      authenticationPolicy(value, seeing(place, withSecrets(place.scope))),
    ),
    catalogs: unlessEmpty('A catalog of functions', mapOf('catalogs', catalog)),
    errors: mapOf('errors', errorDefinition),
    extensions: unlessEmpty('Extending tasks', array('extensions', namedItem('an extension', extension))),
    functions: unlessEmpty('Defining functions', mapOf('functions', task)),
    retries: mapOf('retries', retryPolicy),
    secrets: array('secrets', text()),
    timeouts: mapOf('timeouts', timeoutDefinition),
  },
});

/** The reusable components. Their expressions see the variables of wherever they are used. */
export const use: Rule = (value, place) => components(value, seeing(place, reusableScope()));

function unlessEmpty(feature: string, rule: Rule): Rule {
  const refused = unsupported(feature, rule);
  return (value, place) => {
    const isEmpty = typeof value === 'object' && value !== null && Object.keys(value).length === 0;
    (isEmpty ? rule : refused)(value, place);
  };
}
