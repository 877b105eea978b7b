import type { JsonObject } from '../../dsl/json.ts';
import type { HttpReply, HttpSender } from '../../network/http-sender.ts';
import { createSharedResults } from '../shared-results.ts';
import { answerObject, maxAnswerBytes, requestTimeoutMs } from './authority-answer.ts';
import { TokenError } from './token-error.ts';
import type { TokenPolicy } from './token-policy.ts';

/** Where an authority takes requests. */
export interface AuthorizationServer {
  /** What it calls itself; known of discovered ones. */
  readonly issuer?: string;
  readonly tokenEndpoint: string;
  readonly introspectionEndpoint?: string;
}

/** Finds the endpoints of authorities. */
export interface AuthorizationServers {
  /** Rejects with a {@link TokenError} or HttpSendError. */
  of(policy: TokenPolicy): Promise<AuthorizationServer>;
}

const keptForMs = 10 * 60_000;

/** `oauth2` names its endpoints; those of `oidc` are discovered, once in ten minutes for each authority. */
export function createAuthorizationServers(http: HttpSender): AuthorizationServers {
  const discovered = createSharedResults<JsonObject>({
    maxKept: 100,
    freshUntil: () => Date.now() + keptForMs,
  });
  return {
    async of({ kind, authority, endpoints, issuers }) {
      if (kind === 'oauth2') {
        return {
          tokenEndpoint: endpointOf(authority, endpoints.token),
          introspectionEndpoint: endpointOf(authority, endpoints.introspection),
        };
      }
      const metadata = await discovered.get(authority.href, () => discover(http, authority));
      return described(metadata, authority, issuers);
    },
  };
}

/** The language's paths begin with a slash and are meant below the authority. */
function endpointOf(authority: URL, endpoint: string): string {
  if (URL.canParse(endpoint)) return endpoint;
  const [path = '', ...query] = endpoint.replace(/^\/+/, '').split('?');
  const url = new URL(authority);
  url.pathname = `${authority.pathname.replace(/\/$/, '')}/${path}`;
  if (query.length > 0) url.search = query.join('?');
  return url.href;
}

/** OpenID Connect Discovery 1.0, section 4. */
async function discover(http: HttpSender, authority: URL): Promise<JsonObject> {
  const reply: HttpReply = await http.send({
    method: 'GET',
    url: endpointOf(authority, '.well-known/openid-configuration'),
    headers: { accept: 'application/json' },
    timeoutMs: requestTimeoutMs,
    maxResponseBytes: maxAnswerBytes,
    followRedirects: true,
  });
  const metadata = answerObject(reply);
  if (reply.status === 200 && metadata !== undefined) return metadata;
  const found = reply.status === 200 ? 'no JSON object' : String(reply.status);
  const message = `the discovery of ${authority.href} answered ${found}; is that an OpenID Connect authority?`;
  throw new TokenError('communication', message, { status: reply.status === 200 ? 502 : reply.status });
}

function described(metadata: JsonObject, authority: URL, issuers: readonly string[]): AuthorizationServer {
  const { issuer, token_endpoint: tokenEndpoint, introspection_endpoint: introspectionEndpoint } = metadata;
  if (typeof issuer !== 'string' || typeof tokenEndpoint !== 'string') {
    throw new TokenError(
      'communication',
      `the discovery of ${authority.href} names no issuer or no token endpoint`,
      {
        status: 502,
      },
    );
  }
  // Another's metadata would send the client's secret to another's endpoint.
  if (![authority.href, ...issuers].some((known) => isSameIssuer(known, issuer))) {
    const message = `${authority.href} says that its issuer is ${issuer}; if that is right, add it to issuers`;
    throw new TokenError('authentication', message);
  }
  return {
    issuer,
    tokenEndpoint,
    ...(typeof introspectionEndpoint === 'string' ? { introspectionEndpoint } : {}),
  };
}

/** Whether two names of an issuer are the same but for a slash at the end. */
export function isSameIssuer(left: string, right: string): boolean {
  return left.replace(/\/$/, '') === right.replace(/\/$/, '');
}
