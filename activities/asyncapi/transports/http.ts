import { setTimeout as delay } from 'node:timers/promises';
import type { Json } from '../../../dsl/json.ts';
import { HttpSendError } from '../../../network/http-send-error.ts';
import type { HttpRequest, HttpStream } from '../../../network/http-sender.ts';
import { exchangeAuthorized } from '../../authentication/send-authorized.ts';
import { completeHeaders } from '../../http/http-headers.ts';
import { isJsonType, mediaType } from '../../http/media-type.ts';
import { createDeliveryQueue } from '../delivery-queue.ts';
import type { DeliveryQueue } from '../delivery-queue.ts';
import { failureFrom } from '../failure.ts';
import { readServerSentEvents } from '../server-sent-events.ts';
import { HttpAnswerError } from './http-answer-error.ts';
import type {
  Delivery,
  OutboundMessage,
  Subscription,
  Target,
  Transport,
  TransportContext,
} from '../transport.ts';

/**
 * HTTP. A message is the body of a request (POST unless the binding names a method), confirmed by a status of 2xx. A
 * subscription is a GET whose answer decides: server-sent events, one JSON value a line, or (long) polling, where each
 * answer is a message or a JSON array of messages and 204 is none. An event stream that ends is opened again with
 * `Last-Event-ID`; nothing else is redelivered.
 */
export const http: Transport = {
  async publish(target, message, context) {
    const request = requestTo(target, methodOf(target, 'POST'), headersOf(message), context);
    const { authorization } = target;
    const reply = await exchangeAuthorized(
      (next) => context.http.send(next),
      { ...request, body: message.body, timeoutMs: context.timeoutMs },
      authorization,
    );
    if (reply.status < 200 || reply.status > 299) throw new HttpAnswerError(reply.status);
  },

  async open(target, context) {
    const queue = createDeliveryQueue();
    const ended = new AbortController();
    const signal = AbortSignal.any([ended.signal, context.signal]);
    const first = await ask(target, { ...context, signal }, undefined);
    const reading = follow(target, first, queue.push, { ...context, signal }).catch((error: unknown) =>
      queue.fail(failureFrom(error)),
    );
    const close = async (): Promise<void> => {
      ended.abort();
      await reading;
    };
    return { queue, close } satisfies Subscription;
  },
};

// A stream has no end of its own; the call's deadlines close it.
const streamMs = 24 * 60 * 60 * 1_000;
const pauseMs = 1_000;

type Push = DeliveryQueue['push'];

/** Reads answer after answer until the signal aborts or one fails. */
async function follow(
  target: Target,
  first: HttpStream,
  push: Push,
  context: TransportContext,
): Promise<void> {
  let lastEventId: string | undefined;
  let reply = first;
  for (;;) {
    const asked = performance.now();
    const { isStream, lastEventId: seen } = await readReply(reply, push, context);
    lastEventId = seen ?? lastEventId;
    if (context.signal.aborted) return;
    // A server that answers at once is asked once a second; one that holds the request back, at once.
    const pause = isStream ? pauseMs : pauseMs - (performance.now() - asked);
    if (pause > 0) await delay(pause, undefined, { signal: context.signal });
    reply = await ask(target, context, lastEventId);
  }
}

async function ask(
  target: Target,
  context: TransportContext,
  lastEventId: string | undefined,
): Promise<HttpStream> {
  const headers = {
    accept: 'text/event-stream, application/x-ndjson, application/json',
    'cache-control': 'no-cache',
    ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
  };
  const request = requestTo(target, methodOf(target, 'GET'), headers, context);
  const reply = await exchangeAuthorized(
    (next) => context.http.stream(next),
    { ...request, timeoutMs: streamMs, maxResponseBytes: Number.MAX_SAFE_INTEGER },
    target.authorization,
  );
  if (reply.status >= 200 && reply.status < 300) return reply;
  await reply.body.return();
  throw new HttpAnswerError(reply.status);
}

async function readReply(
  reply: HttpStream,
  push: Push,
  { maxMessageBytes }: TransportContext,
): Promise<{ readonly isStream: boolean; readonly lastEventId?: string }> {
  const type = mediaType(reply.headers['content-type']);
  if (type === 'text/event-stream') {
    let lastEventId: string | undefined;
    for await (const { data, id, event } of readServerSentEvents(reply.body, maxMessageBytes)) {
      lastEventId = id ?? lastEventId;
      const headers = { ...(id === undefined ? {} : { id }), ...(event === undefined ? {} : { event }) };
      await push(delivered(Buffer.from(data), headers, undefined));
    }
    return { isStream: true, lastEventId };
  }
  if (type === 'application/x-ndjson' || type === 'application/jsonl') {
    for await (const line of lines(reply.body, maxMessageBytes)) {
      if (line.trim() !== '') await push(delivered(Buffer.from(line), {}, 'application/json'));
    }
    return { isStream: true };
  }
  const body = await wholeBody(reply.body, maxMessageBytes);
  for (const item of messagesIn(body, type)) {
    await push(delivered(item, reply.headers, reply.headers['content-type']));
  }
  return { isStream: false };
}

function messagesIn(body: Buffer, type: string): Uint8Array[] {
  if (body.length === 0) return [];
  if (!isJsonType(type)) return [body];
  const value = JSON.parse(body.toString()) as Json;
  if (!Array.isArray(value)) return [body];
  return (value as readonly Json[]).map((item) => Buffer.from(JSON.stringify(item)));
}

function delivered(
  body: Uint8Array,
  headers: Readonly<Record<string, string>>,
  contentType: string | undefined,
): Delivery {
  return { body, headers, contentType, acknowledge: () => Promise.resolve() };
}

async function* lines(body: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = parts.pop() ?? '';
    if (rest.length > maxBytes) throw tooLarge(maxBytes);
    yield* parts;
  }
  yield rest + decoder.decode();
}

async function wholeBody(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function tooLarge(maxBytes: number): HttpSendError {
  return new HttpSendError('too-large', `a message has more than ${maxBytes} bytes`);
}

function requestTo(
  { server, address }: Target,
  method: string,
  headers: Readonly<Record<string, string>>,
  { signal, timeoutMs, maxMessageBytes }: TransportContext,
): HttpRequest {
  const host = server.host.includes(':') ? `[${server.host}]` : server.host;
  const path = address === '' || address.startsWith('/') ? address : `/${address}`;
  const url = `${server.secure ? 'https' : 'http'}://${host}:${server.port}${server.path}${path}`;
  return {
    method,
    url,
    headers,
    signal,
    timeoutMs,
    maxResponseBytes: maxMessageBytes,
    followRedirects: false,
  };
}

function headersOf({ headers, contentType, idempotencyKey }: OutboundMessage): Record<string, string> {
  const own = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return completeHeaders({ 'content-type': contentType, ...own }, idempotencyKey);
}

function methodOf({ bindings }: Target, usual: string): string {
  const { method } = bindings.operation;
  return typeof method === 'string' ? method.toUpperCase() : usual;
}
