/** What OAuth 2 and OpenID Connect need to get a token ("OAUTH2 Authentication", "OpenIdConnect Authentication"). */
import { isJsonObject } from '../json.ts';
import type { Json } from '../json.ts';
import { credential } from './credential.ts';
import { templateText } from './expressions.ts';
import { below, report } from './place.ts';
import type { Place, Rule } from './place.ts';
import { all, array, object, oneOf } from './rules.ts';
import { uriTemplateOfHost } from './service-uri.ts';

const token = object({
  title: 'an OAuth 2 token',
  required: ['token', 'type'],
  fields: { token: credential, type: templateText },
});

const clientForm = object({
  title: 'an OAuth 2 client',
  fields: {
    id: templateText,
    secret: credential,
    assertion: credential,
    authentication: oneOf(
      'client_secret_basic',
      'client_secret_post',
      'client_secret_jwt',
      'private_key_jwt',
      'none',
    ),
  },
});

const client: Rule = (value, place) => {
  clientForm(value, place);
  if (!isJsonObject(value)) return;
  const { authentication } = value;
  if (authentication !== 'none')
    needs(value, 'id', 'an OAuth 2 client whose authentication is not "none"', place);
  if (authentication === 'private_key_jwt') {
    needs(value, 'assertion', 'an OAuth 2 client that authenticates by private_key_jwt', place);
  }
};

const fields: Readonly<Record<string, Rule>> = {
  authority: uriTemplateOfHost,
  grant: oneOf(
    'authorization_code',
    'client_credentials',
    'password',
    'refresh_token',
    'urn:ietf:params:oauth:grant-type:token-exchange',
  ),
  client,
  request: object({
    title: 'an OAuth 2 request',
    fields: { encoding: oneOf('application/x-www-form-urlencoded', 'application/json') },
  }),
  issuers: array('issuers', templateText),
  scopes: array('scopes', templateText),
  audiences: array('audiences', templateText),
  username: templateText,
  password: credential,
  subject: token,
  actor: token,
};

/** What each grant exchanges for the token. */
const grantNeeds: Readonly<Record<string, readonly string[]>> = {
  client_credentials: ['client'],
  password: ['username', 'password'],
  // The one field that can hold the refresh token.
  refresh_token: ['subject'],
  'urn:ietf:params:oauth:grant-type:token-exchange': ['subject'],
};

const whatTheGrantNeeds: Rule = (value, place) => {
  if (!isJsonObject(value) || typeof value.grant !== 'string') return;
  if (value.grant === 'authorization_code') {
    const message =
      'the grant authorization_code needs a person with a browser, and the language has no field for the code that they bring; use refresh_token';
    report(below(place, 'grant'), 'unsupported', message);
  }
  if (!Object.hasOwn(grantNeeds, value.grant)) return;
  for (const name of grantNeeds[value.grant] ?? []) needs(value, name, `the grant ${value.grant}`, place);
};

function needs(value: Json, name: string, title: string, place: Place): void {
  if (isJsonObject(value) && !Object.hasOwn(value, name)) {
    report(place, 'missing', `${title} needs the field "${name}"`);
  }
}

const required = ['authority', 'grant'];

/** The properties of `oidc`: the endpoints come from the authority. */
export const oidcProperties = all(
  object({ title: 'OpenID Connect authentication', required, fields }),
  whatTheGrantNeeds,
);

const endpoints = object({
  title: 'the endpoints of an OAuth 2 server',
  fields: { token: uriTemplateOfHost, revocation: uriTemplateOfHost, introspection: uriTemplateOfHost },
});

/** The properties of `oauth2`. */
export const oauth2Properties = all(
  object({ title: 'OAuth 2 authentication', required, fields: { ...fields, endpoints } }),
  whatTheGrantNeeds,
);
