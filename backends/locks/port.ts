/** Where a lock stands for one holder: it has it. */
export interface Lease {
  /**
   * The fencing token: a whole number in decimal digits, greater than that of every earlier holder of this key, whatever
   * happened to them. A resource that remembers the greatest token it saw, and refuses smaller ones, is safe from a
   * holder that lost the lock without knowing.
   */
  readonly token: string;
  /** When the lease runs out unless it is renewed, in milliseconds since the epoch. */
  readonly expiresAt: number;
}

export interface AcquireRequest {
  readonly key: string;
  /** Who asks. The same text is the same holder, whichever process it comes from. */
  readonly holder: string;
  /** How long the lease lasts without a renewal. */
  readonly ttlMs: number;
  /** How long to wait at most; 0 asks once. */
  readonly waitMs: number;
  /** Ends the wait: the call rejects, and the place in the queue is kept for who asks again as the same holder soon. */
  readonly signal?: AbortSignal;
}

export interface HeldLock {
  readonly key: string;
  readonly holder: string;
  readonly token: string;
}

/** A lock that somebody holds or waits for. */
export interface LockState {
  readonly key: string;
  /** Absent while nobody holds it: it is about to be handed on. */
  readonly held?: {
    readonly holder: string;
    readonly token: string;
    /** Milliseconds since the epoch. */
    readonly since: number;
    readonly expiresAt: number;
  };
  /** Who waits, in the order in which they will have it where the system is fair; at most {@link maxQueueShown}. */
  readonly queue: readonly { readonly holder: string; readonly since: number }[];
  /** How many wait. */
  readonly waiting: number;
}

/** Waiters that a state lists; more are counted. */
export const maxQueueShown = 100;

export interface LockPage {
  readonly locks: readonly LockState[];
  readonly nextCursor?: string;
}

/**
 * Locks that executions share. A lock belongs to one holder for a lease that is renewed; one that is not renewed passes on
 * to who waits. No lock system can keep a process that sleeps from waking up and going on: only the token can.
 */
export interface Locks {
  /**
   * Resolves to the lease, or to undefined where it was not to be had in time. Asking again is safe: who holds the lock
   * gets the same token and a lease that begins anew, also where its lease had run out and nobody else has had the lock
   * since. Who waits and does not ask again for a while loses its place. Rejects with a {@link LockSystemError} while the
   * system is away.
   */
  acquire(request: AcquireRequest): Promise<Lease | undefined>;
  /** Begins the lease anew; undefined where the lock was lost or let go. */
  renew(held: HeldLock & { readonly ttlMs: number }): Promise<Lease | undefined>;
  /**
   * Lets go of the lock if the holder has it under this token. Without a token: whatever the holder has of this lock, a
   * place in the queue too. Safe to repeat.
   */
  release(released: Pick<HeldLock, 'key' | 'holder'> & { readonly token?: string }): Promise<void>;
  /** A lock as it stands; undefined while nobody holds it or waits for it. */
  get(key: string): Promise<LockState | undefined>;
  /** Locks that are held or waited for, in an order of the system's own. Throws a TypeError for a cursor that it did not give. */
  list(page: { readonly limit: number; readonly cursor?: string }): Promise<LockPage>;
  /** Lets go of connections. Leases stay: they belong to holders, and not to this process. */
  close(): Promise<void>;
}

/** Thrown when a lock system cannot be reached or does not let the service in. Says which, without credentials. */
export class LockSystemError extends Error {
  override readonly name = 'LockSystemError';
}
