/** The lock that a task holds while it runs, an extension of Perdure's: `metadata.lock`. docs/locks.md. */
import { isJsonObject } from './json.ts';
import type { Duration, Task } from './types.ts';

export interface LockDefinition {
  /** A text; what is inside `${ }` is evaluated. */
  readonly key: string;
  readonly ttl?: Duration;
  readonly wait?: Duration;
}

/** How long a lock outlives the last sign of its holder where nothing else is said, and the bounds of that. */
export const lockTtl = { defaultMs: 30_000, minMs: 5_000, maxMs: 86_400_000 } as const;

/** The type of the error with which a task ends whose lock was lost. */
export const lockLostType = 'urn:perdure:error:lock-lost';

/** The lock of the task; undefined where it has none, and where older definitions kept something else there. */
export function lockOf({ metadata }: Task): LockDefinition | undefined {
  const lock = metadata?.lock;
  return isJsonObject(lock) && typeof lock['key'] === 'string'
    ? (lock as object as LockDefinition)
    : undefined;
}

// Every lock system has names for it: of workflows, nodes, keys in a path.
const maxKeyCharacters = 200;

/** What keeps a text from being the key of a lock, in words. */
export function lockKeyProblem(key: string): string | undefined {
  if (key === '') return 'the key of a lock must not be empty';
  if (key.length > maxKeyCharacters)
    return `the key of a lock has at most ${maxKeyCharacters} characters, found ${key.length}`;
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(key)) return 'the key of a lock must not hold control characters';
  return key.isWellFormed() ? undefined : 'the key of a lock must be well-formed text';
}

/** What keeps a time from being the `ttl` of a lock, in words. */
export function lockTtlProblem(ttlMs: number): string | undefined {
  const { minMs, maxMs } = lockTtl;
  if (ttlMs >= minMs && ttlMs <= maxMs) return undefined;
  return `the ttl of a lock is from ${minMs / 1_000} seconds to ${maxMs / 3_600_000} hours, found ${ttlMs} ms`;
}
