import { HttpSendError } from '../../network/http-send-error.ts';
import type { HttpReply, HttpRequest, HttpSender } from '../../network/http-sender.ts';
import { requestLabel } from '../../network/http-url.ts';
import type { Authorization } from '../authentication/authorization.ts';
import { sendAuthorized } from '../authentication/send-authorized.ts';
import { waitFor } from '../patience.ts';
import type { Patience } from '../patience.ts';
import { createSharedResults } from '../shared-results.ts';
import { documentHeaders } from './http-headers.ts';

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

/** Documents that describe what to call, read through `read`; the last ones are kept for a minute, so that a loop of calls reads once. */
export interface Documents<Document> {
  /**
   * Resolves to the document at `url`. Callers at the same time share one request; one who is cancelled leaves it to
   * the others. Rejects with {@link DocumentStatusError}, HttpSendError, what `read` throws, a policy's fault or the
   * signal's reason.
   */
  fetch(url: URL, authorization: Authorization | undefined, patience: Patience): Promise<Document>;
}

/** Documents of one kind; what is kept belongs to the object. */
export function createDocuments<Document>(
  read: (url: URL, authorization: Authorization | undefined) => Promise<Document>,
): Documents<Document> {
  const kept = createSharedResults<Document>({ maxKept, freshUntil: () => Date.now() + keptForMs });
  return {
    fetch(url, authorization, patience) {
      // What one may read, another may not.
      const key = JSON.stringify([url.href, authorization?.fingerprint ?? null]);
      const document = kept.get(key, () => read(url, authorization));
      return waitFor(document, patience, () => {
        const message = `${requestLabel('GET', url)} gave no complete answer within ${patience.timeoutMs} ms`;
        return new HttpSendError('timeout', message);
      });
    },
  };
}

/** A document as text, and where it came from after redirects. */
export interface FetchedDocument {
  readonly text: string;
  readonly url: URL;
}

/** Fetches one document through the guarded sender. Rejects with {@link DocumentStatusError} for any status but 200. */
export async function fetchDocument(
  http: HttpSender,
  url: URL,
  authorization: Authorization | undefined,
): Promise<FetchedDocument> {
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
  return { text: new TextDecoder().decode(reply.body), url: new URL(reply.url) };
}
