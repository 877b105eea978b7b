/** What the systems that keep a lock as a record write of it: docs/adr/0007. */
import { createHash } from 'node:crypto';

/** It stays when the lock is let go: the next token depends on it. */
export interface LockRow {
  readonly key: string;
  readonly token: number;
  /** Empty where nobody holds it. */
  readonly holder: string;
  /** Milliseconds since the epoch, by the clock of who took it. */
  readonly since: number;
  readonly ttlMs: number;
}

/** Who waits. */
export interface WaiterRow {
  readonly holder: string;
  readonly since: number;
}

/** The name of a key or a holder where only few characters may stand, and not many. */
export function markOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 40);
}

/** The row that a text is, or undefined. */
export function rowOf(text: string | undefined): LockRow | undefined {
  return text === undefined || text === '' ? undefined : (JSON.parse(text) as LockRow);
}

/**
 * The token after `last`: one more, and never less than the clock. A counter whose last steps were lost, with a disk or in a
 * restored backup, goes on above them.
 */
export function tokenAfter(last: number): number {
  return Math.max(last + 1, Date.now());
}
