/** Authentication policies ("Authentication"). Basic and bearer run; the others are checked in form. */
import { isJsonObject } from '../json.ts';
import type { Json } from '../json.ts';
import { isLiteralText, templateText } from './expressions.ts';
import { report } from './place.ts';
import type { Rule } from './place.ts';
import { referenceTo } from './reference.ts';
import { array, exactlyOneOf, object, oneOf, text, unsupported } from './rules.ts';

/** A password or token: its place is in the secrets, not in the definition. */
const credential: Rule = (value, place) => {
  templateText(value, place);
  if (typeof value === 'string' && value !== '' && isLiteralText(value)) {
    report(
      place,
      'literal-secret',
      'a credential stands here in clear; list a secret in use.secrets and name it here',
    );
  }
};

/** Properties written here, or `use` with the name of a secret that holds them. */
function secretBased(
  title: string,
  required: readonly string[],
  fields: Readonly<Record<string, Rule>>,
): Rule {
  const written = object({ title, fields, required });
  const named = object({ title, fields: { use: referenceTo('secrets') } });
  return (value, place) => {
    if (isJsonObject(value) && Object.hasOwn(value, 'use')) named(value, place);
    else written(value, place);
  };
}

const usernamePassword = { username: templateText, password: credential };

const oauth2Token = object({
  title: 'an OAuth 2 token',
  required: ['token', 'type'],
  fields: { token: credential, type: text() },
});

const oauth2Fields: Readonly<Record<string, Rule>> = {
  authority: templateText,
  grant: oneOf(
    'authorization_code',
    'client_credentials',
    'password',
    'refresh_token',
    'urn:ietf:params:oauth:grant-type:token-exchange',
  ),
  client: object({
    title: 'an OAuth 2 client',
    fields: {
      id: templateText,
      secret: credential,
      assertion: templateText,
      authentication: oneOf(
        'client_secret_basic',
        'client_secret_post',
        'client_secret_jwt',
        'private_key_jwt',
        'none',
      ),
    },
  }),
  request: object({
    title: 'an OAuth 2 request',
    fields: { encoding: oneOf('application/x-www-form-urlencoded', 'application/json') },
  }),
  issuers: array('issuers', templateText),
  scopes: array('scopes', templateText),
  audiences: array('audiences', templateText),
  username: templateText,
  password: credential,
  subject: oauth2Token,
  actor: oauth2Token,
};

const endpoints = object({
  title: 'the endpoints of an OAuth 2 server',
  fields: { token: templateText, revocation: templateText, introspection: templateText },
});

const schemes: Readonly<Record<string, Rule>> = {
  basic: secretBased('basic authentication', ['username', 'password'], usernamePassword),
  bearer: secretBased('bearer authentication', ['token'], { token: credential }),
  digest: unsupported(
    'Digest authentication',
    secretBased('digest authentication', ['username', 'password'], usernamePassword),
  ),
  oauth2: unsupported(
    'OAuth 2 authentication',
    secretBased('OAuth 2 authentication', ['authority', 'grant'], { ...oauth2Fields, endpoints }),
  ),
  oidc: unsupported(
    'OpenID Connect authentication',
    secretBased('OpenID Connect authentication', ['authority', 'grant'], oauth2Fields),
  ),
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
