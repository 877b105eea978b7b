import type { HttpSender } from '../../network/http-sender.ts';
import { createDocuments, fetchDocument } from '../http/documents.ts';
import type { Documents } from '../http/documents.ts';
import { parseAsyncapiDocument } from './asyncapi-document.ts';
import type { AsyncapiDocument } from './asyncapi-document.ts';

/** AsyncAPI documents, as JSON or YAML, fetched through the guarded sender. Their `fetch` rejects with AsyncapiError too. */
export function createAsyncapiDocuments(http: HttpSender): Documents<AsyncapiDocument> {
  return createDocuments(async (url, authorization) => {
    const { text } = await fetchDocument(http, url, authorization);
    return parseAsyncapiDocument(text);
  });
}
