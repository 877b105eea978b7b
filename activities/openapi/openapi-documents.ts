import { HttpSendError } from '../../network/http-send-error.ts';
import { requestLabel } from '../../network/http-url.ts';
import type { HttpReply, HttpRequest, HttpSender } from '../../network/http-sender.ts';
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

/** How long one caller waits. */
export interface Patience {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Fetches OpenAPI documents and keeps the last ones for a minute, so that a loop of calls fetches once. */
export interface OpenapiDocuments {
  /**
   * Resolves to the document at `url`. Callers at the same time share one request; one who is cancelled leaves it to
   * the others. Rejects with {@link DocumentStatusError}, HttpSendError, OpenapiError or the signal's reason.
   */
  fetch(url: URL, headers: Readonly<Record<string, string>>, patience: Patience): Promise<OpenapiDocument>;
}

/** Documents fetched through the guarded sender; the cache belongs to the object. */
export function createOpenapiDocuments(http: HttpSender): OpenapiDocuments {
  const kept = new Map<string, { readonly document: Promise<OpenapiDocument>; readonly until: number }>();
  return {
    fetch: (url, headers, patience) => {
      // The headers hold the caller's credentials: what one may read, another may not.
      const key = JSON.stringify([url.href, headers]);
      let entry = kept.get(key);
      if (entry === undefined || entry.until < Date.now()) {
        entry = { document: fetchDocument(http, url, headers), until: Date.now() + keptForMs };
        const { document } = entry;
        // A failure is not kept: the next call tries again.
        document.catch(() => kept.get(key)?.document === document && kept.delete(key));
        kept.delete(key);
        kept.set(key, entry);
        const oldest = kept.keys().next();
        if (kept.size > maxKept && oldest.done !== true) kept.delete(oldest.value);
      }
      return waitFor(entry.document, url, patience);
    },
  };
}

async function fetchDocument(
  http: HttpSender,
  url: URL,
  headers: Readonly<Record<string, string>>,
): Promise<OpenapiDocument> {
  const request: HttpRequest = {
    method: 'GET',
    url: url.href,
    headers,
    timeoutMs: fetchTimeoutMs,
    maxResponseBytes: maxDocumentBytes,
    followRedirects: true,
  };
  const reply = await http.send(request);
  if (reply.status !== 200) throw new DocumentStatusError(reply);
  return parseOpenapiDocument(new TextDecoder().decode(reply.body), new URL(reply.url));
}

function waitFor<Result>(
  promise: Promise<Result>,
  url: URL,
  { timeoutMs, signal }: Patience,
): Promise<Result> {
  if (signal.aborted) return Promise.reject(signal.reason);
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    const timer = setTimeout(() => {
      reject(
        new HttpSendError(
          'timeout',
          `${requestLabel('GET', url)} gave no complete answer within ${timeoutMs} ms`,
        ),
      );
    }, timeoutMs);
    promise.then(resolve, reject).finally(() => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    });
  });
}
