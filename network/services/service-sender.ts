import { HttpSendError } from '../http-send-error.ts';
import type { HttpReply, HttpRequest, HttpSender, HttpStream } from '../http-sender.ts';
import { createBalancer } from './balance.ts';
import type { Balancer, Outcome, Turn } from './balance.ts';
import { isServiceUrl, parseServiceUrl } from './service-url.ts';
import type { ServiceUrl } from './service-url.ts';

/** What a call needs to know of an instance of a service. */
export interface CallableInstance {
  readonly id: string;
  readonly host: string;
  readonly port: number;
}

/** Who knows the healthy instances of every service. */
export interface ServiceDirectory {
  /**
   * The instances that are known now; the first time it waits for the registry. The same array while nothing changed.
   * Rejects with an {@link HttpSendError} where nothing is known.
   */
  instances(
    service: string,
    patience: { readonly timeoutMs: number; readonly signal?: AbortSignal },
  ): Promise<readonly CallableInstance[]>;
}

/** What is counted of calls by name. */
export interface ServiceCallMetrics {
  called(service: string, outcome: Outcome): void;
  repeated(service: string): void;
  ejected(service: string): void;
}

export interface ServiceSenderOptions {
  readonly directory: ServiceDirectory;
  /** Names of services that may be called whatever addresses they have: `service://…` in `outgoing.allow`. */
  readonly allowed: ReadonlySet<string>;
  readonly metrics?: ServiceCallMetrics;
  /** A service's instance gets no calls for a while; for the log. */
  readonly ejected?: (service: string, id: string, milliseconds: number) => void;
}

/** Methods that RFC 9110 calls safe, and that change nothing when they come twice. */
const repeatableMethods = new Set(['GET', 'HEAD', 'OPTIONS']);
/** An instance that answers so has not worked on the request, or is about to stop. */
const unavailable = new Set([502, 503, 504]);
const mostTries = 5;

/**
 * A sender that also takes `service://name/path`: it sends to an instance of the service, chosen by how fast and how
 * well each answered, and to another one where that fails and the request may come twice. Other URLs go to `http` as
 * they are. What an answer says of where it came from names the service.
 */
export function createServiceSender(http: HttpSender, options: ServiceSenderOptions): HttpSender {
  const { directory, allowed, metrics } = options;
  const balancers = new Map<string, Balancer<CallableInstance>>();

  function balancerOf(service: string): Balancer<CallableInstance> {
    const known = balancers.get(service);
    if (known !== undefined) return known;
    const balancer = createBalancer<CallableInstance>({
      now: () => performance.now(),
      random: Math.random,
      ejected: (id, milliseconds) => {
        metrics?.ejected(service);
        options.ejected?.(service, id, milliseconds);
      },
    });
    balancers.set(service, balancer);
    return balancer;
  }

  async function sendByName<Reply extends HttpReply | HttpStream>(
    request: HttpRequest,
    send: (request: HttpRequest) => Promise<Reply>,
  ): Promise<Reply> {
    const target = parseServiceUrl(request.url);
    const { service } = target;
    const until = Date.now() + request.timeoutMs;
    const remainingMs = (): number => Math.max(1, until - Date.now());
    const tried = new Set<string>();
    const isRepeatable = request.isIdempotent === true || repeatableMethods.has(request.method.toUpperCase());
    let failure: unknown;
    for (;;) {
      const patience = { timeoutMs: remainingMs(), signal: request.signal };
      const instances = await directory.instances(service, patience);
      const turn = tried.size < mostTries ? balancerOf(service).pick(instances, tried) : undefined;
      if (turn === undefined) {
        throw failure ?? new HttpSendError('unreachable', `service://${service} has no healthy instance now`);
      }
      if (tried.size > 0) metrics?.repeated(service);
      tried.add(turn.instance.id);
      const isLast = tried.size >= Math.min(instances.length, mostTries);
      const next = { ...requestTo(turn, target, request, allowed), timeoutMs: remainingMs() };
      const end = (outcome: Outcome): void => {
        turn.ended(outcome);
        metrics?.called(service, outcome);
      };
      try {
        const reply = await send(next);
        end(outcomeOf(reply.status));
        const goesOn = unavailable.has(reply.status) && isRepeatable && !isLast && until > Date.now();
        if (!goesOn) return { ...reply, url: named(reply.url, target, next.instance.origin) };
        await discard(reply);
      } catch (error) {
        end(outcomeOfError(error, request.signal));
        failure = explained(error, service);
        const mayRepeat =
          error instanceof HttpSendError && (error.isUnsent || (isRepeatable && isRepair(error)));
        if (!mayRepeat || until <= Date.now()) throw failure;
      }
    }
  }

  return {
    guard: http.guard,
    send: (request) =>
      isServiceUrl(request.url) ? sendByName(request, (next) => http.send(next)) : http.send(request),
    stream: (request) =>
      isServiceUrl(request.url) ? sendByName(request, (next) => http.stream(next)) : http.stream(request),
    close: () => http.close(),
  };
}

function requestTo(
  { instance }: Turn<CallableInstance>,
  { service, secure, rest }: ServiceUrl,
  request: HttpRequest,
  allowed: ReadonlySet<string>,
): HttpRequest & Required<Pick<HttpRequest, 'instance'>> {
  const host = instance.host.includes(':') ? `[${instance.host}]` : instance.host;
  const { origin } = new URL(`${secure ? 'https' : 'http'}://${host}:${instance.port}`);
  return {
    ...request,
    url: `${origin}${rest}`,
    instance: { origin, isAllowed: allowed.has(service.toLowerCase()) },
  };
}

/** Whoever asks again, or reads a path relative to the answer's, is to reach the service and not this instance of it. */
function named(url: string, { service, secure }: ServiceUrl, origin: string): string {
  if (!url.startsWith(`${origin}/`)) return url;
  return `service${secure ? '+https' : ''}://${service}${url.slice(origin.length)}`;
}

function outcomeOf(status: number): Outcome {
  if (status < 500) return 'answered';
  return unavailable.has(status) ? 'failed' : 'error';
}

function outcomeOfError(error: unknown, signal: AbortSignal | undefined): Outcome {
  if (signal?.aborted === true || !(error instanceof HttpSendError)) return 'given-up';
  switch (error.kind) {
    case 'timeout':
    case 'broken-off':
      return error.isUnsent ? 'unreachable' : 'failed';
    case 'unreachable':
      return error.isUnsent ? 'unreachable' : 'failed';
    // That nothing may go to where it is makes it of no use here. After a redirect it is not the instance's address.
    case 'forbidden-address':
      return error.isUnsent ? 'unreachable' : 'answered';
    case 'invalid-request':
      return 'given-up';
    case 'too-large':
    case 'too-many-redirects':
      return 'answered';
  }
}

/** Whether another instance may do better. */
function isRepair({ kind }: HttpSendError): boolean {
  return kind === 'broken-off' || kind === 'unreachable' || kind === 'timeout';
}

/** What the guard says names the address; to allow that would be of no use, since the next instance has another. */
function explained(error: unknown, service: string): unknown {
  if (!(error instanceof HttpSendError) || error.kind !== 'forbidden-address' || !error.isUnsent)
    return error;
  const message = `service://${service}: ${error.message}; better, add "service://${service}" there`;
  return new HttpSendError(error.kind, message, { cause: error, isUnsent: error.isUnsent });
}

/** Lets go of an answer that nobody wants. */
async function discard({ body }: HttpReply | HttpStream): Promise<void> {
  if (!(body instanceof Uint8Array)) await body.return();
}
