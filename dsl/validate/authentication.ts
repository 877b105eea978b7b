/** Authentication policies ("Authentication"). */
import { isJsonObject } from '../json.ts';
import type { Json } from '../json.ts';
import { credential } from './credential.ts';
import { templateText } from './expressions.ts';
import { oauth2Properties, oidcProperties } from './oauth2.ts';
import type { Rule } from './place.ts';
import { referenceTo } from './reference.ts';
import { exactlyOneOf, object } from './rules.ts';

/** Properties written here, or `use` with the name of a secret that holds them. */
function secretBased(title: string, written: Rule): Rule {
  const named = object({ title, fields: { use: referenceTo('secrets') } });
  return (value, place) => {
    if (isJsonObject(value) && Object.hasOwn(value, 'use')) named(value, place);
    else written(value, place);
  };
}

function usernamePassword(title: string): Rule {
  const fields = { username: templateText, password: credential };
  return secretBased(title, object({ title, fields, required: ['username', 'password'] }));
}

const bearer = 'bearer authentication';

const schemes: Readonly<Record<string, Rule>> = {
  basic: usernamePassword('basic authentication'),
  bearer: secretBased(bearer, object({ title: bearer, fields: { token: credential }, required: ['token'] })),
  digest: usernamePassword('digest authentication'),
  oauth2: secretBased('OAuth 2 authentication', oauth2Properties),
  oidc: secretBased('OpenID Connect authentication', oidcProperties),
};

/** A policy as `use.authentications` defines it. */
export const authenticationPolicy: Rule = exactlyOneOf(
  { title: 'an authentication policy', fields: schemes },
  Object.keys(schemes),
);

/** A policy written in place, or `use` with the name of one. */
export const authentication: Rule = (value: Json, place) => {
  if (!isJsonObject(value) || !Object.hasOwn(value, 'use')) return authenticationPolicy(value, place);
  object({ title: 'a named authentication', fields: { use: referenceTo('authentications') } })(value, place);
};
