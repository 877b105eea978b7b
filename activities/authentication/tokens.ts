import type { HttpReply, HttpSender } from '../../network/http-sender.ts';
import { createRedactor } from '../secrets/redaction.ts';
import { createSharedResults } from '../shared-results.ts';
import { answerObject, maxAnswerBytes, requestTimeoutMs } from './authority-answer.ts';
import { createAuthorizationServers, isSameIssuer } from './authorization-server.ts';
import type { AuthorizationServer } from './authorization-server.ts';
import { TokenError } from './token-error.ts';
import { policyCredentials } from './token-policy.ts';
import type { TokenPolicy } from './token-policy.ts';
import { introspectionRequest, tokenRequest } from './token-request.ts';
import type { AuthorityRequest } from './token-request.ts';
import { readToken, tokenClaims } from './token.ts';
import type { Token } from './token.ts';

/** The tokens that a worker holds, by the fingerprint of the policy that they were got with. */
export interface Tokens {
  /** A token that is good for now; all who ask at the same time share one request. */
  get(policy: TokenPolicy, fingerprint: string): Promise<Token>;
  /** A token other than `refused`, which a server did not take. */
  renew(policy: TokenPolicy, fingerprint: string, refused: Token): Promise<Token>;
}

const maxKept = 1_000;

/** Tokens by requests through the guarded sender. They reject with a {@link TokenError} or an HttpSendError. */
export function createTokens(http: HttpSender): Tokens {
  const servers = createAuthorizationServers(http);
  const kept = createSharedResults<Token>({ maxKept, freshUntil: ({ freshUntil }) => freshUntil });
  // An authority that rotates refresh tokens takes each only once.
  const rotated = new Map<string, string>();

  const send = async (request: AuthorityRequest): Promise<HttpReply> =>
    http.send({
      method: 'POST',
      url: request.url,
      headers: request.headers,
      body: request.body,
      timeoutMs: requestTimeoutMs,
      maxResponseBytes: maxAnswerBytes,
      followRedirects: false,
    });

  const request = async (policy: TokenPolicy): Promise<Token> => {
    const server = await servers.of(policy);
    const sent = await tokenRequest(policy, server);
    const redactor = createRedactor([...policyCredentials(policy), ...sent.credentials]);
    const token = readToken(await send(sent), Date.now(), (text) => redactor.text(text));
    if (policy.issuers.length > 0) checkIssuer(policy, await issuerOf(token, policy, server));
    return token;
  };

  const issuerOf = async (
    { accessToken }: Token,
    policy: TokenPolicy,
    server: AuthorizationServer,
  ): Promise<string | undefined> => {
    const claimed = tokenClaims(accessToken)?.iss ?? server.issuer;
    if (typeof claimed === 'string') return claimed;
    if (server.introspectionEndpoint === undefined) return undefined;
    const asked = introspectionRequest(policy, server, server.introspectionEndpoint, accessToken);
    const issuer = answerObject(await send(await asked))?.iss;
    return typeof issuer === 'string' ? issuer : undefined;
  };

  const requestRotating = async (policy: TokenPolicy, fingerprint: string): Promise<Token> => {
    if (policy.grant !== 'refresh_token' || policy.subject === undefined) return request(policy);
    const { token: given, type } = policy.subject;
    const token = await request({ ...policy, subject: { token: rotated.get(fingerprint) ?? given, type } });
    if (token.refreshToken !== undefined) {
      rotated.set(fingerprint, token.refreshToken);
      const oldest = rotated.keys().next();
      if (rotated.size > maxKept && oldest.done !== true) rotated.delete(oldest.value);
    }
    return token;
  };

  const get = (policy: TokenPolicy, fingerprint: string): Promise<Token> =>
    kept.get(fingerprint, () => requestRotating(policy, fingerprint));
  return {
    get,
    renew(policy, fingerprint, refused) {
      kept.drop(fingerprint, refused);
      return get(policy, fingerprint);
    },
  };
}

function checkIssuer({ issuers }: TokenPolicy, issuer: string | undefined): void {
  if (issuer !== undefined && issuers.some((known) => isSameIssuer(known, issuer))) return;
  const found =
    issuer === undefined
      ? 'the token does not say who issued it, and the introspection endpoint does not either'
      : `the token was issued by ${issuer}`;
  throw new TokenError('authentication', `${found}; issuers allows ${issuers.join(', ')}`);
}
