import { STATUS_CODES } from 'node:http';
import { standardFault } from '../../dsl/errors.ts';
import type { WorkflowFault } from '../../dsl/errors.ts';
import type { Json } from '../../dsl/json.ts';
import type { Authorization } from '../authentication/authorization.ts';
import { sendAuthorized } from '../authentication/send-authorized.ts';
import type { Tokens } from '../authentication/tokens.ts';
import { replyOutput } from './http-output.ts';
import type { OutputForm } from './http-output.ts';
import { requestLabel } from '../../network/http-url.ts';
import type { HttpReply, HttpRequest, HttpSender } from '../../network/http-sender.ts';
import type { Redactor } from '../secrets/redaction.ts';
import { sendFault } from './send-fault.ts';

/** One request of a definition and how its reply is to be taken. */
export interface Exchange {
  readonly reference: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  readonly authorization?: Authorization;
  readonly output: OutputForm;
  /** Whether redirects are followed, and a 3xx that leads nowhere is a result rather than an error. */
  readonly redirect: boolean;
  readonly timeoutMs: number;
  readonly maxResponseBytes: number;
  /** Whether the request may come twice, whatever its method says. */
  readonly isIdempotent?: boolean;
}

/** What a call activity needs from the outside. */
export interface CallEnvironment {
  readonly http: HttpSender;
  readonly tokens: Tokens;
  readonly redactor: Redactor;
  /** Aborts when the activity is cancelled. */
  readonly signal: AbortSignal;
}

/**
 * Sends the request and gives the reply in the form that was asked for. Faults with `communication` and the reply's
 * status outside 200–299, or outside 200–399 with `redirect` ("HTTP Call", `redirect`).
 */
export async function exchange(call: Exchange, { http, redactor, signal }: CallEnvironment): Promise<Json> {
  const {
    reference,
    method,
    url,
    headers,
    body,
    timeoutMs,
    maxResponseBytes,
    redirect,
    authorization,
    isIdempotent,
  } = call;
  const secretHeaders = new Set(Object.keys(headers).filter((name) => redactor.finds(headers[name] ?? '')));
  const request: HttpRequest = {
    method,
    url,
    headers,
    body,
    timeoutMs,
    maxResponseBytes,
    followRedirects: redirect,
    signal,
    secretHeaders,
    isIdempotent,
  };
  const reply = await sendAuthorized(http, request, authorization).catch((error: unknown) => {
    throw sendFault(error, reference, 'limits.payloadBytes');
  });
  if (reply.status < 200 || reply.status >= (redirect ? 400 : 300)) {
    throw statusFault(reply, reference, authorization);
  }
  const output = replyOutput(call.output, reply, headers, redactor, reference);
  const size = Buffer.byteLength(JSON.stringify(output));
  if (size <= maxResponseBytes) return output;
  const detail = `the ${call.output} of ${requestLabel(method, new URL(url))} takes ${size} bytes as JSON, more than ${maxResponseBytes} (limits.payloadBytes)`;
  throw standardFault('runtime', reference, detail, { status: 413, title: 'Content Too Large' });
}

/**
 * The fault for a reply whose status is an error: `communication`, and `authentication` for a 401 in spite of the
 * authorization that was sent.
 */
export function statusFault(
  { status, method, url }: HttpReply,
  reference: string,
  authorization: Authorization | undefined,
): WorkflowFault {
  const answered = `${requestLabel(method, new URL(url))} answered ${status}`;
  const isRefused = status === 401 && authorization !== undefined;
  const detail = isRefused ? `${answered} to ${authorization.scheme} authentication` : answered;
  return standardFault(isRefused ? 'authentication' : 'communication', reference, detail, {
    status,
    title: STATUS_CODES[status] ?? `HTTP status ${status}`,
  });
}
