import { request as exchange } from 'undici';
import type { Agent, Dispatcher } from 'undici';
import { createAddressGuard } from './address-guard.ts';
import { ContentTooLargeError, decodeContent } from './content-encoding.ts';
import { createGuardedAgent } from './guarded-agent.ts';
import { redirected, redirectTarget } from './http-redirect.ts';
import type { Hop } from './http-redirect.ts';
import { callableUrl, requestLabel } from './http-url.ts';
import { fromTransportError, HttpSendError } from './http-send-error.ts';

/** One HTTP request. Header names in any case, each at most once. */
export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** For the whole exchange, redirects and body included. */
  readonly timeoutMs: number;
  /** Limit of the reply's body, decoded, in bytes. */
  readonly maxResponseBytes: number;
  readonly followRedirects: boolean;
  /** Ends the exchange; `send` then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Further headers to treat as credentials on a redirect to another origin, in lower case. */
  readonly secretHeaders?: ReadonlySet<string>;
}

/** A reply of any status. */
export interface HttpReply {
  readonly status: number;
  /** Names in lower case; a header that came several times is joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Method and URL of the request that was answered: the last one after redirects. */
  readonly method: string;
  readonly url: string;
}

export interface HttpSender {
  /** Resolves to the reply whatever its status; rejects with an {@link HttpSendError} or the signal's reason. */
  send(request: HttpRequest): Promise<HttpReply>;
  /** Ends every connection, also those with a request under way. */
  close(): Promise<void>;
}

export interface HttpSenderOptions {
  /** Hosts, host:port and addresses that may be called although they are not public: `outgoing.allow`. */
  readonly allow: readonly string[];
  /** Redirects that are followed for one request: `outgoing.maxRedirects`. */
  readonly maxRedirects: number;
}

/** The sender of every call that a definition makes: guarded, limited in time and size, one connection pool. */
export function createHttpSender({ allow, maxRedirects }: HttpSenderOptions): HttpSender {
  const agent = createGuardedAgent(createAddressGuard(allow));
  return {
    send: (request) => sendFollowing(agent, request, maxRedirects),
    close: () => agent.destroy(),
  };
}

// Node's timers fire at once when asked for more.
const longestTimerMs = 2 ** 31 - 1;

async function sendFollowing(agent: Agent, request: HttpRequest, maxRedirects: number): Promise<HttpReply> {
  request.signal?.throwIfAborted();
  const deadline = AbortSignal.timeout(Math.min(Math.ceil(request.timeoutMs), longestTimerMs));
  const signal = request.signal === undefined ? deadline : AbortSignal.any([deadline, request.signal]);
  let hop: Hop = { ...request, url: callableUrl(request.url) };
  for (let redirects = 0; ; redirects++) {
    try {
      const reply = await sendOnce(agent, hop, request.maxResponseBytes, signal);
      const target = request.followRedirects ? redirectTarget(reply, hop.url) : undefined;
      if (target === undefined) return reply;
      if (redirects === maxRedirects) {
        const message = `${requestLabel(request.method, new URL(request.url))} was redirected more than ${maxRedirects} times (outgoing.maxRedirects)`;
        throw new HttpSendError('too-many-redirects', message);
      }
      hop = redirected(hop, reply.status, target);
    } catch (error) {
      request.signal?.throwIfAborted();
      const what = requestLabel(hop.method, hop.url);
      if (deadline.aborted) {
        const message = `${what} gave no complete answer within ${request.timeoutMs} ms`;
        throw new HttpSendError('timeout', message, { cause: error });
      }
      throw fromTransportError(error, what);
    }
  }
}

async function sendOnce(
  agent: Agent,
  { method, url, headers, body }: Hop,
  maxBytes: number,
  signal: AbortSignal,
): Promise<HttpReply> {
  const response = await exchange(url, { dispatcher: agent, method, headers, body, signal });
  const replyHeaders = joinedHeaders(response.headers);
  const tooLarge = (): HttpSendError =>
    new HttpSendError('too-large', `${requestLabel(method, url)} answered with more than ${maxBytes} bytes`);
  const bytes = await readBody(response.body, maxBytes, tooLarge);
  const decoded = await decodeContent(bytes, replyHeaders['content-encoding'] ?? '', maxBytes).catch(
    (error: unknown) => {
      throw error instanceof ContentTooLargeError ? tooLarge() : error;
    },
  );
  return { status: response.statusCode, headers: replyHeaders, body: decoded, method, url: url.href };
}

async function readBody(
  body: Dispatcher.ResponseData['body'],
  maxBytes: number,
  tooLarge: () => HttpSendError,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop by an error destroys the stream, and with it the connection.
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > maxBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function joinedHeaders(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name.toLowerCase(),
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
}
