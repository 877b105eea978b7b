import type { HttpSender } from '../../network/http-sender.ts';
import type { Authorization } from '../authentication/authorization.ts';
import { exchangeAuthorized } from '../authentication/send-authorized.ts';

/** `fetch` as libraries take it. */
export type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

export interface GuardedFetchOptions {
  readonly authorization?: Authorization;
  /** Sent with every request that does not say otherwise. Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly maxResponseBytes: number;
  /** What one exchange may take, with its body. */
  readonly timeoutMs: () => number;
  /** Ends every exchange, beside the signal that each may have. */
  readonly signal?: AbortSignal;
  /** Learns of a body that breaks off, for libraries that keep it to themselves. */
  readonly failed?: (error: unknown) => void;
}

/** Statuses whose responses have no body. */
const bodiless = new Set([101, 204, 205, 304]);

/**
 * A `fetch` for libraries that bring a protocol on top of HTTP, on the guarded sender: only texts go out, redirects are
 * left to the library, and bodies come as they are received. It rejects, and its bodies fail, with an HttpSendError, a
 * fault of the authorization's policy or the signal's reason.
 */
export function createGuardedFetch(http: HttpSender, options: GuardedFetchOptions): Fetch {
  return async (url, init = {}) => {
    const { signal, maxResponseBytes, authorization } = options;
    const request = {
      method: init.method ?? 'GET',
      url: String(url),
      headers: { ...options.headers, ...Object.fromEntries(new Headers(init.headers)) },
      body: typeof init.body === 'string' ? Buffer.from(init.body) : undefined,
      timeoutMs: options.timeoutMs(),
      maxResponseBytes,
      followRedirects: false,
      signal: AbortSignal.any([signal, init.signal].filter((given) => given instanceof AbortSignal)),
    };
    const { status, headers, body } = await exchangeAuthorized(
      (next) => http.stream(next),
      request,
      authorization,
    );
    // The body has been decoded.
    const { 'content-encoding': _encoding, 'content-length': _length, ...rest } = headers;
    const stream = bodiless.has(status) ? null : ReadableStream.from(reported(body, options.failed));
    return new Response(stream, { status, headers: rest });
  };
}

async function* reported(
  body: AsyncIterable<Uint8Array>,
  failed: (error: unknown) => void = () => undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* body;
  } catch (error) {
    failed(error);
    throw error;
  }
}
