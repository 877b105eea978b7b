import type { HttpSender } from '../../network/http-sender.ts';
import { originOf } from '../../network/http-url.ts';
import type { Json } from '../../dsl/json.ts';
import type { Authorization } from '../authentication/authorization.ts';
import { createDocuments, fetchDocument } from '../http/documents.ts';
import type { Patience } from '../patience.ts';
import { parseOpenapiDocument, parseOpenapiPart } from './openapi-document.ts';
import type { OpenapiDocument } from './openapi-document.ts';
import { MissingDocumentError, OpenapiError } from './openapi-error.ts';

/** OpenAPI documents with those that they refer to. */
export interface OpenapiDocuments {
  /**
   * What `describe` finds in the document at `url`. Documents that it refers to are fetched when `describe` comes to
   * them, with the same authorization where they are on the same server. Rejects with what `describe` throws, an
   * {@link OpenapiError} for what is no such document, and as `Documents.fetch` does.
   */
  read<Result>(
    source: { readonly url: URL; readonly authorization?: Authorization },
    patience: () => Patience,
    describe: (document: OpenapiDocument) => Result,
  ): Promise<Result>;
}

/** Documents that one operation may be spread over. */
const maxParts = 50;

/** Documents fetched through the guarded sender. */
export function createOpenapiDocuments(http: HttpSender): OpenapiDocuments {
  const documents = createDocuments(async (url, authorization) => {
    const document = await fetchDocument(http, url, authorization);
    return parseOpenapiDocument(document.text, document.url);
  });
  const others = createDocuments(async (url, authorization) => {
    const part = await fetchDocument(http, url, authorization);
    return parseOpenapiPart(part.text, part.url);
  });
  return {
    async read({ url, authorization }, patience, describe) {
      const document = await documents.fetch(url, authorization, patience());
      const parts = new Map<string, Json>(document.parts);
      for (;;) {
        try {
          return describe({ ...document, parts });
        } catch (error) {
          if (!(error instanceof MissingDocumentError)) throw error;
          if (parts.size > maxParts) {
            throw new OpenapiError(`the operation is spread over more than ${maxParts} documents`, {
              cause: error,
            });
          }
          const isOurs = originOf(error.url) === originOf(url);
          const part = await others.fetch(error.url, isOurs ? authorization : undefined, patience());
          parts.set(error.url.href, part);
        }
      }
    },
  };
}
