import type { Store, StoredDocument } from '../store/port.ts';

export interface PageOptions {
  /** 1 to 1,000. */
  readonly limit: number;
  readonly cursor?: string;
  readonly reverse?: boolean;
}

// A filter that finds little must not read the whole list in one call.
const maxDocuments = 2_000;

/**
 * A page of what `take` gives for the documents under a prefix; those for which it gives undefined are left out. A page
 * may hold fewer than `limit`: only a missing cursor ends the list. Fails with a `StoreError`.
 */
export async function filteredPage<Item>(
  store: Store,
  prefix: string,
  { limit, cursor: from, reverse = false }: PageOptions,
  take: (document: StoredDocument) => Item | undefined,
): Promise<{ readonly items: readonly Item[]; readonly nextCursor?: string }> {
  const items: Item[] = [];
  let cursor = from;
  for (let seen = 0; items.length < limit && seen < maxDocuments;) {
    // No more than there is room for: a cursor stands behind the last document that was read.
    const page = await store.scan(prefix, {
      limit: limit - items.length,
      reverse,
      ...(cursor === undefined ? {} : { cursor }),
    });
    items.push(...page.documents.flatMap((document) => take(document) ?? []));
    seen += Math.max(1, page.documents.length);
    cursor = page.cursor;
    if (cursor === undefined) return { items };
  }
  return { items, ...(cursor === undefined ? {} : { nextCursor: cursor }) };
}
