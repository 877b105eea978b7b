import { request as exchange } from 'undici';
import type { Agent, Dispatcher } from 'undici';
import { createAddressGuard } from './address-guard.ts';
import type { AddressGuard } from './address-guard.ts';
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
  /** Set where the URL is that of an instance of a service, which the service's sender chose. */
  readonly instance?: ServiceInstance;
  /** Whether sending it twice does no harm, whatever its method says. */
  readonly isIdempotent?: boolean;
  /** Further headers to treat as credentials on a redirect to another origin, in lower case. */
  readonly secretHeaders?: ReadonlySet<string>;
}

/** Where an instance of a service listens, as the registry says. */
export interface ServiceInstance {
  /** `http://host:port` or `https://host:port`. */
  readonly origin: string;
  /** Whether the operator lets definitions call the service whatever addresses its instances have. */
  readonly isAllowed: boolean;
}

interface HttpAnswer {
  readonly status: number;
  /** Names in lower case; a header that came several times is joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  /** Method and URL of the request that was answered: the last one after redirects. */
  readonly method: string;
  readonly url: string;
}

/** A reply of any status. */
export interface HttpReply extends HttpAnswer {
  readonly body: Uint8Array;
}

/** A reply whose body is still coming. Leaving its iteration early ends the exchange. */
export interface HttpStream extends HttpAnswer {
  /** Throws what `send` rejects with. */
  readonly body: AsyncGenerator<Uint8Array, void, undefined>;
}

export interface HttpSender {
  /** Which addresses are let through, for protocols that bring their own connections. */
  readonly guard: AddressGuard;
  /** Resolves to the reply whatever its status; rejects with an {@link HttpSendError} or the signal's reason. */
  send(request: HttpRequest): Promise<HttpReply>;
  /** Like `send`, as soon as the headers are there. A body in a content encoding comes in one piece. */
  stream(request: HttpRequest): Promise<HttpStream>;
  /** Ends every connection, also those with a request under way. */
  close(): Promise<void>;
}

export interface HttpSenderOptions {
  /** Hosts, host:port and addresses that may be called although they are not public: `outgoing.allow`. */
  readonly allow: readonly string[];
  /** Redirects that are followed for one request: `outgoing.maxRedirects`. */
  readonly maxRedirects: number;
  /** What decides instead of `allow`: for tests of what would happen without the guard. */
  readonly guard?: AddressGuard;
}

/** The sender of every call that a definition makes: guarded, limited in time and size, one connection pool. */
export function createHttpSender({
  allow,
  maxRedirects,
  guard = createAddressGuard(allow),
}: HttpSenderOptions): HttpSender {
  const agents: Agents = {
    guarded: createGuardedAgent(guard),
    ofInstances: createGuardedAgent(guard, instanceConnectTimeoutMs),
    ofAllowedServices: createGuardedAgent(openGuard(guard), instanceConnectTimeoutMs),
  };
  const stream = (request: HttpRequest): Promise<HttpStream> =>
    streamFollowing(agents, request, maxRedirects);
  return {
    guard,
    send: async (request) => {
      const reply = await stream(request);
      return { ...reply, body: await collected(reply.body) };
    },
    stream,
    close: async () => {
      await Promise.all(Object.values(agents).map((agent) => agent.destroy()));
    },
  };
}

interface Agents {
  readonly guarded: Agent;
  readonly ofInstances: Agent;
  readonly ofAllowedServices: Agent;
}

/** An instance that does not answer by then is not worth waiting for: there are others. */
const instanceConnectTimeoutMs = 3_000;

function openGuard(guard: AddressGuard): AddressGuard {
  return { ...guard, refusal: () => undefined };
}

/** Where a redirect leads away from the instance, the guard alone decides again. */
function agentFor(agents: Agents, url: URL, instance: ServiceInstance | undefined): Agent {
  if (instance === undefined || url.origin !== instance.origin) return agents.guarded;
  return instance.isAllowed ? agents.ofAllowedServices : agents.ofInstances;
}

// Node's timers fire at once when asked for more.
const longestTimerMs = 2 ** 31 - 1;

async function streamFollowing(
  agents: Agents,
  request: HttpRequest,
  maxRedirects: number,
): Promise<HttpStream> {
  request.signal?.throwIfAborted();
  const deadline = AbortSignal.timeout(Math.min(Math.ceil(request.timeoutMs), longestTimerMs));
  const signal = request.signal === undefined ? deadline : AbortSignal.any([deadline, request.signal]);
  const failure = (error: unknown, { method, url }: Hop): unknown => {
    if (request.signal?.aborted === true) return request.signal.reason;
    const what = requestLabel(method, url);
    if (!deadline.aborted) return fromTransportError(error, what);
    const message = `${what} gave no complete answer within ${request.timeoutMs} ms`;
    return new HttpSendError('timeout', message, { cause: error });
  };
  let hop: Hop = { ...request, url: callableUrl(request.url) };
  for (let redirects = 0; ; redirects++) {
    const from = hop;
    try {
      const agent = agentFor(agents, hop.url, request.instance);
      const reply = await sendOnce(agent, hop, request.maxResponseBytes, signal);
      const target = request.followRedirects ? redirectTarget(reply, hop.url) : undefined;
      if (target === undefined) {
        return { ...reply, body: withErrors(reply.body, (error) => failure(error, from)) };
      }
      // Read to its end, so that the connection can be used again.
      await collected(reply.body);
      if (redirects === maxRedirects) {
        const message = `${requestLabel(request.method, new URL(request.url))} was redirected more than ${maxRedirects} times (outgoing.maxRedirects)`;
        throw new HttpSendError('too-many-redirects', message);
      }
      hop = redirected(hop, reply.status, target);
    } catch (error) {
      const failed = failure(error, from);
      if (redirects === 0 || !(failed instanceof HttpSendError)) throw failed;
      // Whoever redirected has had the request.
      throw new HttpSendError(failed.kind, failed.message, { cause: failed.cause, isUnsent: false });
    }
  }
}

async function sendOnce(
  agent: Agent,
  { method, url, headers, body }: Hop,
  maxBytes: number,
  signal: AbortSignal,
): Promise<HttpStream> {
  const response = await exchange(url, { dispatcher: agent, method, headers, body, signal });
  const replyHeaders = joinedHeaders(response.headers);
  const tooLarge = (): HttpSendError =>
    new HttpSendError('too-large', `${requestLabel(method, url)} answered with more than ${maxBytes} bytes`);
  const bytes = limited(response.body, maxBytes, tooLarge);
  const encoding = replyHeaders['content-encoding'] ?? '';
  const decoded = encoding === '' ? bytes : decodedWhole(bytes, encoding, maxBytes, tooLarge);
  return { status: response.statusCode, headers: replyHeaders, body: decoded, method, url: url.href };
}

type Bytes = AsyncGenerator<Uint8Array, void, undefined>;

async function* limited(
  body: Dispatcher.ResponseData['body'],
  maxBytes: number,
  tooLarge: () => HttpSendError,
): Bytes {
  let size = 0;
  // Leaving the loop by an error destroys the stream, and with it the connection.
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > maxBytes) throw tooLarge();
    yield chunk;
  }
}

async function* decodedWhole(
  bytes: Bytes,
  encoding: string,
  maxBytes: number,
  tooLarge: () => HttpSendError,
): Bytes {
  yield await decodeContent(await collected(bytes), encoding, maxBytes).catch((error: unknown) => {
    throw error instanceof ContentTooLargeError ? tooLarge() : error;
  });
}

async function* withErrors(bytes: Bytes, failure: (error: unknown) => unknown): Bytes {
  try {
    yield* bytes;
  } catch (error) {
    throw failure(error);
  }
}

async function collected(bytes: Bytes): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
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
