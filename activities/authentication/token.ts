import { isJsonObject } from '../../dsl/json.ts';
import type { Json, JsonObject } from '../../dsl/json.ts';
import type { StandardError } from '../../dsl/errors.ts';
import type { HttpReply } from '../../network/http-sender.ts';
import { answerObject } from './authority-answer.ts';
import { TokenError } from './token-error.ts';

/** A token as the authority issued it. */
export interface Token {
  readonly accessToken: string;
  readonly refreshToken?: string;
  /** Everything in the answer that must not be seen: access, refresh and identity tokens. */
  readonly credentials: readonly string[];
  /** When it stops being used, in milliseconds since 1970: before it expires. */
  readonly freshUntil: number;
}

/** Where the authority does not say how long a token is good; a 401 renews it before. */
const usualLifetimeMs = 5 * 60_000;

/** What requests under way and clocks that differ may take from a token's life. */
const skewMs = 30_000;

/**
 * Reads the answer of a token endpoint (RFC 6749, 5). `received` is the time in milliseconds since 1970. Throws a
 * {@link TokenError} with the authority's own words, in which `redact` hides credentials.
 */
export function readToken(reply: HttpReply, received: number, redact: (text: string) => string): Token {
  const answer = answerObject(reply);
  const accessToken = answer?.access_token;
  if (reply.status < 200 || reply.status > 299 || answer === undefined || typeof accessToken !== 'string') {
    throw refusal(reply, answer ?? {}, redact);
  }
  const type = typeof answer.token_type === 'string' ? answer.token_type : 'Bearer';
  if (type.toLowerCase() !== 'bearer' && type.toLowerCase() !== 'n_a') {
    const message = `${place(reply)} issued a token of type ${redact(type)}; only Bearer tokens can be sent`;
    throw new TokenError('authentication', message);
  }
  const credentials = [accessToken, answer.refresh_token, answer.id_token];
  return {
    accessToken,
    ...(typeof answer.refresh_token === 'string' ? { refreshToken: answer.refresh_token } : {}),
    credentials: credentials.filter((value) => typeof value === 'string'),
    freshUntil: received + usableMs(answer.expires_in),
  };
}

// Some authorities write the seconds as a text. A short life is used to its half.
function usableMs(expiresIn: Json | undefined): number {
  const seconds = typeof expiresIn === 'string' || typeof expiresIn === 'number' ? Number(expiresIn) : NaN;
  const lifetime = Number.isFinite(seconds) ? seconds * 1_000 : usualLifetimeMs;
  return Math.max(0, lifetime - Math.min(skewMs, lifetime / 2));
}

/** What each error code of RFC 6749, 5.2, RFC 8693 and RFC 8707 means for the definition. */
const errorCodes: Readonly<Record<string, StandardError>> = {
  invalid_client: 'authentication',
  invalid_grant: 'authentication',
  access_denied: 'authorization',
  unauthorized_client: 'authorization',
  invalid_scope: 'authorization',
  invalid_target: 'authorization',
  invalid_request: 'configuration',
  unsupported_grant_type: 'configuration',
};

function refusal(reply: HttpReply, answer: JsonObject, redact: (text: string) => string): TokenError {
  const { error, error_description: description } = answer;
  if (reply.status >= 200 && reply.status <= 299) {
    return new TokenError('communication', `${place(reply)} answered without an access token`, {
      status: 502,
    });
  }
  const code = typeof error === 'string' ? error : undefined;
  const words = [code, description].filter((part) => typeof part === 'string').join(': ');
  const said = words === '' ? '' : ` (${redact(words).slice(0, 500)})`;
  const message = `no token: ${place(reply)} answered ${reply.status}${said}`;
  const meaning = code !== undefined && Object.hasOwn(errorCodes, code) ? errorCodes[code] : undefined;
  if (meaning !== undefined) return new TokenError(meaning, message);
  if (reply.status === 401) return new TokenError('authentication', message);
  if (reply.status === 403) return new TokenError('authorization', message);
  return new TokenError('communication', message, { status: reply.status < 400 ? 502 : reply.status });
}

function place({ url }: HttpReply): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}

/** The claims of a token that is a JWT, unverified: it came from the authority itself. */
export function tokenClaims(token: string): JsonObject | undefined {
  const [, payload, signature] = token.split('.');
  if (payload === undefined || signature === undefined) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
    return isJsonObject(claims) ? claims : undefined;
  } catch {
    return undefined;
  }
}
