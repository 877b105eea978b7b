import { ClientSecretBasic, ClientSecretJwt, ClientSecretPost, modifyAssertion, None } from 'oauth4webapi';
import type { ClientAuth } from 'oauth4webapi';
import type { Json } from '../../dsl/json.ts';
import type { OAuth2Token } from '../../dsl/types.ts';
import type { AuthorizationServer } from './authorization-server.ts';
import type { TokenClient, TokenPolicy } from './token-policy.ts';

/** A request to an endpoint of the authority. */
export interface AuthorityRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** What in it must not be seen, in addition to what the policy says. */
  readonly credentials: readonly string[];
}

/** The token request of a policy: its grant with the client's proof of itself (RFC 6749, RFC 8693). */
export function tokenRequest(policy: TokenPolicy, server: AuthorizationServer): Promise<AuthorityRequest> {
  return authorityRequest(policy, server, server.tokenEndpoint, grantParameters(policy));
}

/** Asks the authority what a token is (RFC 7662). */
export function introspectionRequest(
  policy: TokenPolicy,
  server: AuthorizationServer,
  endpoint: string,
  token: string,
): Promise<AuthorityRequest> {
  return authorityRequest(policy, server, endpoint, [['token', token]]);
}

function grantParameters({ grant, ...policy }: TokenPolicy): [string, string][] {
  const { username = '', password = '', subject, actor, scopes, audiences } = policy;
  const parameters: [string, string][] = [['grant_type', grant]];
  if (grant === 'password') parameters.push(['username', username], ['password', password]);
  if (grant === 'refresh_token') parameters.push(['refresh_token', subject?.token ?? '']);
  if (grant === 'urn:ietf:params:oauth:grant-type:token-exchange') {
    parameters.push(...tokenParameters('subject', subject), ...tokenParameters('actor', actor));
  }
  if (scopes.length > 0) parameters.push(['scope', scopes.join(' ')]);
  for (const audience of audiences) parameters.push(['audience', audience]);
  return parameters;
}

function tokenParameters(role: string, given: OAuth2Token | undefined): [string, string][] {
  if (given === undefined) return [];
  return [
    [`${role}_token`, given.token],
    [`${role}_token_type`, given.type],
  ];
}

async function authorityRequest(
  { client, encoding }: TokenPolicy,
  server: AuthorizationServer,
  endpoint: string,
  parameters: [string, string][],
): Promise<AuthorityRequest> {
  const body = new URLSearchParams(parameters);
  const headers = new Headers({ accept: 'application/json' });
  const proof = clientProof(client, server);
  await proof({ issuer: server.issuer ?? '' }, { client_id: client.id ?? '' }, body, headers);
  const isJson = encoding === 'json';
  headers.set('content-type', isJson ? 'application/json' : 'application/x-www-form-urlencoded');
  const basic = headers.get('authorization')?.replace(/^Basic /, '');
  const made = [basic, body.get('client_assertion') ?? undefined];
  return {
    url: endpoint,
    headers: Object.fromEntries(headers.entries()),
    body: Buffer.from(isJson ? JSON.stringify(asObject(body)) : body.toString()),
    credentials: made.filter((value) => value !== undefined),
  };
}

const jwtBearer = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** Writes into a request who the client is and what proves it. The policy was checked: it has what its way needs. */
function clientProof(
  { id, secret = '', assertion, authentication }: TokenClient,
  server: AuthorizationServer,
): ClientAuth {
  if (authentication === 'none') return id === undefined ? () => undefined : None();
  if (authentication === 'client_secret_basic') return ClientSecretBasic(secret);
  if (authentication === 'client_secret_post') return ClientSecretPost(secret);
  if (assertion === undefined) {
    return ClientSecretJwt(secret, {
      // Who has no issuer to name calls the token endpoint the audience (RFC 7523, 3).
      [modifyAssertion]: (_header, payload) => {
        payload.aud = server.issuer ?? server.tokenEndpoint;
      },
    });
  }
  return (_server, client, body) => {
    body.set('client_id', client.client_id);
    body.set('client_assertion_type', jwtBearer);
    body.set('client_assertion', assertion);
  };
}

/** Parameters as JSON: one that comes several times is an array. */
function asObject(parameters: URLSearchParams): { readonly [name: string]: Json } {
  const entries = [...new Set(parameters.keys())].map((name) => {
    const values = parameters.getAll(name);
    return [name, values.length === 1 ? (values[0] ?? '') : values] as const;
  });
  return Object.fromEntries(entries);
}
