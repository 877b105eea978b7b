import { z } from 'zod';
import type { JsonObject } from '../../dsl/json.ts';
import type { OAuth2Client, OAuth2Properties, OAuth2Token } from '../../dsl/types.ts';
import { TokenError } from './token-error.ts';

/** YAML makes numbers of some texts; an expression that finds nothing gives null, which is absent. */
const text = z.union([z.string().min(1), z.number().transform(String)]);
const optionalText = text.nullish();
/** A secret that is a file holds a list as one text. */
const texts = z
  .union([z.array(text), text.transform((value) => value.split(/[\s,]+/).filter((part) => part !== ''))])
  .nullish();
const token = z.object({ token: text, type: text }).nullish();

const grants = [
  'authorization_code',
  'client_credentials',
  'password',
  'refresh_token',
  'urn:ietf:params:oauth:grant-type:token-exchange',
] as const satisfies readonly OAuth2Properties['grant'][];

const clientAuthentications = [
  'client_secret_basic',
  'client_secret_post',
  'client_secret_jwt',
  'private_key_jwt',
  'none',
] as const satisfies readonly OAuth2Client['authentication'][];

const form = 'application/x-www-form-urlencoded';

const policyForm = z.object({
  authority: text,
  endpoints: z.object({ token: optionalText, introspection: optionalText }).nullish(),
  grant: z.enum(grants),
  client: z
    .object({
      id: optionalText,
      secret: optionalText,
      assertion: optionalText,
      authentication: z.enum(clientAuthentications).nullish(),
    })
    .nullish(),
  request: z.object({ encoding: z.enum([form, 'application/json']).nullish() }).nullish(),
  issuers: texts,
  scopes: texts,
  audiences: texts,
  username: optionalText,
  password: optionalText,
  subject: token,
  actor: token,
});

/** The client with its way of authentication chosen. */
export type TokenClient = OAuth2Client & Required<Pick<OAuth2Client, 'authentication'>>;

/** How to get a token ("OAUTH2 Authentication", "OpenIdConnect Authentication"), checked and with its defaults. */
export interface TokenPolicy {
  readonly kind: 'oauth2' | 'oidc';
  readonly authority: URL;
  /** Relative to the authority or absolute; OpenID Connect discovers them instead. */
  readonly endpoints: { readonly token: string; readonly introspection: string };
  readonly grant: Exclude<OAuth2Properties['grant'], 'authorization_code'>;
  readonly client: TokenClient;
  readonly encoding: 'form' | 'json';
  readonly issuers: readonly string[];
  readonly scopes: readonly string[];
  readonly audiences: readonly string[];
  readonly username?: string;
  readonly password?: string;
  readonly subject?: OAuth2Token;
  readonly actor?: OAuth2Token;
}

/** Reads the properties of a policy. Throws a {@link TokenError} that says what is wrong; it quotes no value. */
export function readTokenPolicy(kind: TokenPolicy['kind'], properties: JsonObject): TokenPolicy {
  const read = policyForm.safeParse(properties);
  if (!read.success) {
    const [issue] = read.error.issues;
    const where = [kind, ...(issue?.path ?? [])].join('.');
    throw unusable(`${where}: ${issue?.message ?? 'it is not what the language wants'}`);
  }
  const { authority, grant, client, request, endpoints, issuers, scopes, audiences, ...rest } = read.data;
  if (grant === 'authorization_code') {
    throw unusable(
      'the grant authorization_code needs a person and a browser, and the language has no field for the code; ' +
        'get a refresh token by other means and use the grant refresh_token with it as subject',
    );
  }
  const policy: TokenPolicy = {
    kind,
    authority: authorityUrl(authority),
    endpoints: {
      token: endpoints?.token ?? '/oauth2/token',
      introspection: endpoints?.introspection ?? '/oauth2/introspect',
    },
    grant,
    client: {
      id: client?.id ?? undefined,
      secret: client?.secret ?? undefined,
      assertion: client?.assertion ?? undefined,
      // Without a client there is nothing to authenticate.
      authentication: client?.authentication ?? (client ? 'client_secret_post' : 'none'),
    },
    encoding: request?.encoding === 'application/json' ? 'json' : 'form',
    issuers: issuers ?? [],
    scopes: scopes ?? [],
    audiences: audiences ?? [],
    username: rest.username ?? undefined,
    password: rest.password ?? undefined,
    subject: rest.subject ?? undefined,
    actor: rest.actor ?? undefined,
  };
  checkClient(policy.client);
  checkGrant(policy);
  return policy;
}

/** Every value of a policy that must not be seen. */
export function policyCredentials({ client, password, subject, actor }: TokenPolicy): string[] {
  const values = [client.secret, client.assertion, password, subject?.token, actor?.token];
  return values.filter((value) => value !== undefined);
}

function authorityUrl(authority: string): URL {
  const url = URL.canParse(authority) ? new URL(authority) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw unusable('the authority is not an absolute http or https URL');
  }
  if (url.username !== '' || url.password !== '') {
    throw unusable('the URL of the authority holds credentials; they belong into client');
  }
  // The specification's own example names the discovery document as the authority.
  url.pathname = url.pathname.replace(/\/\.well-known\/openid-configuration\/?$/, '').replace(/\/+$/, '');
  return url;
}

function checkClient({ id, secret, assertion, authentication }: TokenClient): void {
  if (authentication === 'none') return;
  if (id === undefined) throw unusable(`client.id is missing, which ${authentication} needs`);
  if (authentication === 'private_key_jwt') {
    if (assertion === undefined) {
      throw unusable(
        'client.assertion is missing: private_key_jwt needs a JWT that you signed with your key',
      );
    }
  } else if (secret === undefined && !(authentication === 'client_secret_jwt' && assertion !== undefined)) {
    const hint = 'a client that has none says client.authentication: none';
    throw unusable(`client.secret is missing, which ${authentication} needs; ${hint}`);
  }
}

function checkGrant({ grant, client, username, password, subject }: TokenPolicy): void {
  if (grant === 'client_credentials' && client.id === undefined) {
    throw unusable('the grant client_credentials needs client');
  }
  if (grant === 'password' && (username === undefined || password === undefined)) {
    throw unusable('the grant password needs username and password');
  }
  if (grant === 'refresh_token' && subject === undefined) {
    throw unusable('the grant refresh_token needs subject, whose token is the refresh token');
  }
  if (grant === 'urn:ietf:params:oauth:grant-type:token-exchange' && subject === undefined) {
    throw unusable('the grant token-exchange needs subject');
  }
}

function unusable(message: string): TokenError {
  return new TokenError('configuration', message);
}
