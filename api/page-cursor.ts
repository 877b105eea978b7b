import { createHash } from 'node:crypto';
import { StoreError } from '../backends/store/errors.ts';
import { Problem } from './problem.ts';

/**
 * The cursor that stands for one of Temporal's page tokens in the list of `query`. It carries a checksum: Temporal
 * answers a token that it did not give with an unknown error, which would look as if it were gone.
 */
export function cursorFor(query: string, token: Uint8Array): string | undefined {
  if (token.length === 0) return undefined;
  return `${Buffer.from(token).toString('base64url')}.${checksum(query, token)}`;
}

/** The page token in a cursor. Fails with 400 for a cursor that the list of `query` did not give. */
export function tokenOf(query: string, cursor: string | undefined): Uint8Array | undefined {
  if (cursor === undefined) return undefined;
  const [encoded = '', sum] = cursor.split('.');
  const token = Buffer.from(encoded, 'base64url');
  if (token.length > 0 && sum === checksum(query, token)) return token;
  throw foreignCursor();
}

/** A page of a list in the store. Fails with 400 where its cursor is not one that the store gave. */
export async function ofGivenCursor<T>(page: Promise<T>): Promise<T> {
  try {
    return await page;
  } catch (error) {
    throw error instanceof StoreError && error.type === 'invalid' ? foreignCursor(error) : error;
  }
}

/** The 400 of a cursor. */
export function foreignCursor(cause?: unknown): Problem {
  return new Problem('invalid-request', 'The cursor is not one that this list, with these filters, gave', {
    cause,
    errors: [{ pointer: '/cursor', code: 'invalid-cursor', message: 'is not one that this list gave' }],
  });
}

function checksum(query: string, token: Uint8Array): string {
  return createHash('sha256').update(query).update('\0').update(token).digest('base64url').slice(0, 12);
}
