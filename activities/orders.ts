import { activityInfo, ApplicationFailure, cancellationSignal } from '@temporalio/activity';
import { isJsonObject } from '../dsl/json.ts';
import type { Json, JsonObject } from '../dsl/json.ts';
import type { OrderSagaInput } from '../workflows/contract.ts';
import { HttpSendError } from '../network/http-send-error.ts';
import type { HttpSendErrorKind } from '../network/http-send-error.ts';
import type { HttpSender } from '../network/http-sender.ts';

/** What each step says: the order, and a key that is the same for every attempt of the step. */
interface OrderCall {
  readonly key: string;
  readonly orderId: string;
}

interface Reminder {
  readonly key: string;
  readonly subject: string;
  readonly to: readonly string[];
  /** ISO 8601. */
  readonly deadline: string;
  readonly number: number;
}

/**
 * The side effects of the TypeScript workflows. All are safe to repeat: the services recognise the key. Those that
 * undo are addressed by order, since the answer with the id of what they undo may have been lost.
 */
export interface OrderActivities {
  reserveStock(call: OrderCall & Pick<OrderSagaInput, 'items'>): Promise<{ reservationId: string }>;
  releaseStock(call: OrderCall): Promise<void>;
  chargePayment(call: OrderCall & OrderSagaInput['payment']): Promise<{ chargeId: string }>;
  refundPayment(call: OrderCall): Promise<void>;
  createShipment(call: OrderCall & Pick<OrderSagaInput, 'shipTo'>): Promise<{ trackingNumber: string }>;
  cancelShipment(call: OrderCall): Promise<void>;
  remind(reminder: Reminder): Promise<void>;
}

export interface OrderActivitiesOptions {
  readonly http: Pick<HttpSender, 'send'>;
  /** Where the services are, without a slash at the end. */
  readonly baseUrl: string;
}

const maxResponseBytes = 64 * 1024;

/**
 * Makes the activities against the services at `baseUrl`. An answer of 4xx fails for good with type `OrderRefused`;
 * 5xx, 408, 429 and no answer at all fail with `ServiceUnavailable`, which Temporal retries.
 */
export function createOrderActivities({ http, baseUrl }: OrderActivitiesOptions): OrderActivities {
  async function post(path: string, { key, ...body }: { readonly key: string }): Promise<JsonObject> {
    const url = baseUrl + path;
    const response = await http
      .send({
        method: 'POST',
        url,
        headers: { 'content-type': 'application/json', accept: 'application/json', 'idempotency-key': key },
        body: Buffer.from(JSON.stringify(body)),
        // Ends before Temporal gives the attempt up, so that the failure says which service was silent.
        timeoutMs: activityInfo().startToCloseTimeoutMs * 0.8,
        maxResponseBytes,
        followRedirects: false,
        signal: cancellationSignal(),
      })
      .catch((error: unknown) => {
        throw sendFailure(error);
      });
    const answer = parseAnswer(Buffer.from(response.body).toString('utf8'));
    if (response.status >= 200 && response.status < 300 && isJsonObject(answer)) return answer;
    const reason = isJsonObject(answer) && typeof answer.detail === 'string' ? `: ${answer.detail}` : '';
    const message = `POST ${url} answered ${response.status}${reason}`;
    if (response.status >= 500 || response.status === 408 || response.status === 429)
      throw unavailable(message);
    throw ApplicationFailure.create({ type: 'OrderRefused', message, nonRetryable: true });
  }

  return {
    reserveStock: async (call) => ({
      reservationId: textIn(await post('/stock/reservations', call), 'reservationId'),
    }),
    releaseStock: async (call) => void (await post('/stock/releases', call)),
    chargePayment: async (call) => ({ chargeId: textIn(await post('/payment/charges', call), 'chargeId') }),
    refundPayment: async (call) => void (await post('/payment/refunds', call)),
    createShipment: async (call) => ({
      trackingNumber: textIn(await post('/shipping/shipments', call), 'trackingNumber'),
    }),
    cancelShipment: async (call) => void (await post('/shipping/cancellations', call)),
    remind: async (reminder) => void (await post('/notifications', reminder)),
  };
}

// No retry changes what these are about: the address, the request or the size of the answer.
const lasting: ReadonlySet<HttpSendErrorKind> = new Set([
  'forbidden-address',
  'invalid-request',
  'too-large',
]);

/** The failure of a request without an answer. A cancellation passes as it is. */
function sendFailure(error: unknown): unknown {
  if (!(error instanceof HttpSendError)) return error;
  if (lasting.has(error.kind)) {
    const { message } = error;
    return ApplicationFailure.create({ type: 'OrderRefused', message, cause: error, nonRetryable: true });
  }
  return unavailable(error.message, error);
}

function unavailable(message: string, cause?: Error): ApplicationFailure {
  return ApplicationFailure.create({
    type: 'ServiceUnavailable',
    message,
    cause,
  });
}

function parseAnswer(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

function textIn(answer: JsonObject, name: string): string {
  const value = answer[name];
  if (typeof value === 'string') return value;
  throw ApplicationFailure.create({
    type: 'OrderRefused',
    message: `The service's answer has no ${name}`,
    nonRetryable: true,
  });
}
