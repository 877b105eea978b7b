/** Places outside of the definition and the ways to be let in there ("External Resource", "Authentication"). */
import type { OneOf } from './one-of.ts';

export interface ExternalResource {
  readonly name?: string;
  readonly endpoint: Endpoint;
}

/** A URI template or an expression, alone or with a way to authenticate. */
export type Endpoint =
  string | { readonly uri: string; readonly authentication?: ReferenceableAuthentication };

/** The name of a secret of `use.secrets`, or of a policy of `use.authentications`. */
export interface NamedUse {
  readonly use: string;
}

export interface UsernamePassword {
  readonly username: string;
  readonly password: string;
}

export interface BearerToken {
  readonly token: string;
}

export type OAuth2Grant =
  | 'authorization_code'
  | 'client_credentials'
  | 'password'
  | 'refresh_token'
  | 'urn:ietf:params:oauth:grant-type:token-exchange';

export type OAuth2ClientAuthentication =
  'client_secret_basic' | 'client_secret_post' | 'client_secret_jwt' | 'private_key_jwt' | 'none';

export interface OAuth2Client {
  readonly id?: string;
  readonly secret?: string;
  readonly assertion?: string;
  /** `client_secret_post` when absent. */
  readonly authentication?: OAuth2ClientAuthentication;
}

export interface OAuth2Token {
  readonly token: string;
  readonly type: string;
}

/** "OpenIdConnect Authentication": the endpoints come from the authority's discovery document. */
export interface OidcProperties {
  readonly authority: string;
  readonly grant: OAuth2Grant;
  readonly client?: OAuth2Client;
  readonly request?: { readonly encoding?: 'application/x-www-form-urlencoded' | 'application/json' };
  readonly issuers?: readonly string[];
  readonly scopes?: readonly string[];
  readonly audiences?: readonly string[];
  readonly username?: string;
  readonly password?: string;
  readonly subject?: OAuth2Token;
  readonly actor?: OAuth2Token;
}

/** "OAUTH2 Authentication": the endpoints are paths below the authority. */
export interface OAuth2Properties extends OidcProperties {
  readonly endpoints?: {
    readonly token?: string;
    readonly revocation?: string;
    readonly introspection?: string;
  };
}

/** Each scheme has its properties written out, or `use` with the name of a secret that holds them. */
export type AuthenticationPolicy = OneOf<{
  basic: UsernamePassword | NamedUse;
  bearer: BearerToken | NamedUse;
  digest: UsernamePassword | NamedUse;
  oauth2: OAuth2Properties | NamedUse;
  oidc: OidcProperties | NamedUse;
}>;

export type ReferenceableAuthentication = NamedUse | AuthenticationPolicy;
