import type { Authorization } from '../authentication/authorization.ts';
import { sendAuthorized } from '../authentication/send-authorized.ts';
import { documentHeaders } from '../http/http-headers.ts';
import { HttpSendError } from '../../network/http-send-error.ts';
import { requestLabel } from '../../network/http-url.ts';
import type { HttpReply, HttpRequest, HttpSender } from '../../network/http-sender.ts';
import { waitFor } from '../patience.ts';
import type { Patience } from '../patience.ts';
import { createSharedResults } from '../shared-results.ts';
import { parseOpenapiDocument } from './openapi-document.ts';
import type { OpenapiDocument } from './openapi-document.ts';

/** Descriptions of large services run to several MiB; they stay in the worker and never enter a history. */
const maxDocumentBytes = 8 * 1024 * 1024;
const fetchTimeoutMs = 30_000;
const keptForMs = 60_000;
const maxKept = 50;

/** Thrown when the server of a document answers with an error. */
export class DocumentStatusError extends Error {
  override readonly name = 'DocumentStatusError';
  readonly reply: HttpReply;

  constructor(reply: HttpReply) {
    super(`the document's server answered ${reply.status}`);
    this.reply = reply;
  }
}

/** Fetches OpenAPI documents and keeps the last ones for a minute, so that a loop of calls fetches once. */
export interface OpenapiDocuments {
  /**
   * Resolves to the document at `url`. Callers at the same time share one request; one who is cancelled leaves it to
   * the others. Rejects with {@link DocumentStatusError}, HttpSendError, OpenapiError, a policy's fault or the signal's
   * reason.
   */
  fetch(url: URL, authorization: Authorization | undefined, patience: Patience): Promise<OpenapiDocument>;
}

/** Documents fetched through the guarded sender; the cache belongs to the object. */
export function createOpenapiDocuments(http: HttpSender): OpenapiDocuments {
  const kept = createSharedResults<OpenapiDocument>({ maxKept, freshUntil: () => Date.now() + keptForMs });
  return {
    fetch(url, authorization, patience) {
      // What one may read, another may not.
      const key = JSON.stringify([url.href, authorization?.fingerprint ?? null]);
      const document = kept.get(key, () => fetchDocument(http, url, authorization));
      return waitFor(document, patience, () => {
        const message = `${requestLabel('GET', url)} gave no complete answer within ${patience.timeoutMs} ms`;
        return new HttpSendError('timeout', message);
      });
    },
  };
}

async function fetchDocument(
  http: HttpSender,
  url: URL,
  authorization: Authorization | undefined,
): Promise<OpenapiDocument> {
  const request: HttpRequest = {
    method: 'GET',
    url: url.href,
    headers: documentHeaders,
    timeoutMs: fetchTimeoutMs,
    maxResponseBytes: maxDocumentBytes,
    followRedirects: true,
  };
  const reply = await sendAuthorized(http, request, authorization);
  if (reply.status !== 200) throw new DocumentStatusError(reply);
  return parseOpenapiDocument(new TextDecoder().decode(reply.body), new URL(reply.url));
}
