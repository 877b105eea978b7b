import { CancelledFailure } from '@temporalio/activity';
import { asJson, isJsonObject, jsonSize } from '../../dsl/json.ts';
import type {
  AsyncapiInboundMessage,
  ReceivedMessages,
  ReceiveMessagesRequest,
} from '../../workflows/contract.ts';
import type { Documents } from '../http/documents.ts';
import type { CallEnvironment } from '../http/exchange.ts';
import { tooLarge } from '../output-size.ts';
import { prepareCall } from '../prepare-call.ts';
import type { Redactor } from '../secrets/redaction.ts';
import type { CallSecrets } from '../secrets/secrets.ts';
import type { AsyncapiDocument } from './asyncapi-document.ts';
import { transportFault } from './asyncapi-fault.ts';
import { describeCall } from './describe-call.ts';
import { acknowledge, endSubscription } from './held-subscriptions.ts';
import type { HeldSubscription, HeldSubscriptions } from './held-subscriptions.ts';
import { inboundMessage, messageExpressions } from './inbound-message.ts';
import { within } from './within.ts';

/** What subscriptions need beside the environment of every call. */
export interface SubscriptionDependencies {
  readonly documents: Documents<AsyncapiDocument>;
  readonly held: HeldSubscriptions;
}

/**
 * Receives the next messages of a subscription. The request says with what it has enough; else it ends with its time.
 * What an answer holds is acknowledged when the engine asks again, since it has the answer then, or before an answer
 * that ends the subscription. What is not acknowledged comes again where the protocol can redeliver.
 */
export async function receiveMessages(
  request: ReceiveMessagesRequest,
  secrets: CallSecrets,
  dependencies: SubscriptionDependencies,
  environment: CallEnvironment,
): Promise<ReceivedMessages> {
  const { idempotencyKey, reference } = request;
  const { held: subscriptions } = dependencies;
  const held =
    subscriptions.take(idempotencyKey) ?? (await open(request, secrets, dependencies, environment));
  try {
    await acknowledge(held);
    const received = await collect(request, held, environment);
    if (received.complete) await endSubscription(held);
    else subscriptions.hold(idempotencyKey, held);
    return received;
  } catch (error) {
    await held.subscription.close().catch(() => undefined);
    environment.signal.throwIfAborted();
    throw transportFault(error, held.target, reference);
  }
}

async function open(
  request: ReceiveMessagesRequest,
  secrets: CallSecrets,
  { documents }: SubscriptionDependencies,
  environment: CallEnvironment,
): Promise<HeldSubscription> {
  const { reference, idempotencyKey, maxResponseBytes } = request;
  const { http, signal } = environment;
  const call = await prepareCall(request, {
    secrets,
    environment,
    policies: ['/authentication', '/document/endpoint/authentication'],
  });
  const described = await describeCall(call, {
    reference,
    idempotencyKey,
    purpose: 'subscribe',
    documents,
    signal,
  });
  const { target, transport, messages } = described;
  // The subscription may live longer than this activity, but must not if that ends before it is open.
  const opening = new AbortController();
  const abort = (): void => opening.abort(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  const timeoutMs = call.remainingMs();
  const context = { http, signal: opening.signal, timeoutMs, maxMessageBytes: maxResponseBytes };
  try {
    const opened = transport.open(target, context);
    const subscription = await within(opened, timeoutMs, 'the server did not accept the subscription');
    return { subscription, target, messages, unacknowledged: [] };
  } catch (error) {
    opening.abort();
    signal.throwIfAborted();
    throw transportFault(error, target, reference);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

// A batch is never much more than one message of the largest size, and fits into a payload with it.
const batchBytes = 400_000;

async function collect(
  request: ReceiveMessagesRequest,
  { subscription, messages: descriptions, unacknowledged }: HeldSubscription,
  { redactor, signal }: CallEnvironment,
): Promise<ReceivedMessages> {
  const { amount = Infinity, batch = Infinity, forMs, endsThen, keeps, maxBytes } = request.receive;
  const expressions = messageExpressions(request);
  const messages: AsyncapiInboundMessage[] = [];
  const enough = new AbortController();
  let isOver = false;
  const timer = setTimeout(() => {
    isOver = true;
    enough.abort();
  }, forMs);
  const stop = AbortSignal.any([enough.signal, signal]);
  let bytes = 2;
  try {
    for (;;) {
      const delivery = await subscription.queue.take(stop);
      if (delivery === undefined) {
        if (signal.aborted && !isShutdown(signal.reason)) throw signal.reason;
        return { messages, complete: isOver && endsThen };
      }
      const message = redactedMessage(inboundMessage(delivery, descriptions), redactor);
      if (!expressions.matches(message) || !keeps) {
        await delivery.acknowledge();
        continue;
      }
      bytes += jsonSize(asJson(message)) + 1;
      if (bytes > maxBytes) {
        const detail = `the messages of the subscription take more than ${request.maxResponseBytes} bytes as JSON`;
        throw tooLarge(detail, request.reference);
      }
      messages.push(message);
      unacknowledged.push(delivery);
      if (messages.length >= amount || expressions.isLast(message)) {
        return { messages, complete: true };
      }
      if (messages.length >= batch || (batch < Infinity && bytes > batchBytes)) {
        return { messages, complete: false };
      }
      // With something to work on, only what is there already is taken along.
      if (batch < Infinity) enough.abort();
    }
  } finally {
    clearTimeout(timer);
  }
}

/** A worker that goes hands on what it has, and another one continues. */
function isShutdown(reason: unknown): boolean {
  return reason instanceof CancelledFailure && reason.message === 'WORKER_SHUTDOWN';
}

/** A partner may send back a secret that it was given. */
function redactedMessage(message: AsyncapiInboundMessage, redactor: Redactor): AsyncapiInboundMessage {
  const redacted = redactor.json(asJson(message));
  return isJsonObject(redacted) ? redacted : message;
}
