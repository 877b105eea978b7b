/** Reusable components ("Use"). Each is checked where it is defined. */
import { isJsonObject } from '../json.ts';
import type { Json } from '../json.ts';
import { authenticationPolicy } from './authentication.ts';
import { errorDefinition } from './error.ts';
import { detachedScope, reusableScope, withSecrets } from './expression-scope.ts';
import type { ExpressionScope } from './expression-scope.ts';
import { extension } from './extension.ts';
import { functions } from './functions.ts';
import { namedItem } from './named-item.ts';
import { seeing } from './place.ts';
import type { ReusableNames, Rule } from './place.ts';
import { retryPolicy } from './retry.ts';
import { array, mapOf, object, text } from './rules.ts';
import { timeoutDefinition } from './timeout.ts';
import { fixedEndpoint } from './uri.ts';

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
    catalogs: keysOf('catalogs'),
    errors: keysOf('errors'),
    functions: keysOf('functions'),
    retries: keysOf('retries'),
    secrets: new Set(secrets.filter((name) => typeof name === 'string')),
    timeouts: keysOf('timeouts'),
  };
}

const catalog = object({ title: 'a catalog', required: ['endpoint'], fields: { endpoint: fixedEndpoint } });

function seeingOf(scope: ExpressionScope, rule: Rule): Rule {
  return (value, place) => rule(value, seeing(place, scope));
}

const whereUsed = reusableScope();

/** The reusable components. */
export const use: Rule = object({
  title: 'use',
  fields: {
    authentications: seeingOf(withSecrets(whereUsed), mapOf('authentications', authenticationPolicy)),
    catalogs: mapOf('catalogs', catalog),
    errors: seeingOf(whereUsed, mapOf('errors', errorDefinition)),
    extensions: seeingOf(detachedScope(), array('extensions', namedItem('an extension', extension))),
    functions: seeingOf(detachedScope(), functions),
    retries: seeingOf(whereUsed, mapOf('retries', retryPolicy)),
    secrets: array('secrets', text()),
    timeouts: seeingOf(whereUsed, mapOf('timeouts', timeoutDefinition)),
  },
});
