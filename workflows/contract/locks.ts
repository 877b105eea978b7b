/** What the engine, the activities and the workflow of a lock say to each other. docs/adr/0007. */
import { lockLostType } from '../../dsl/lock.ts';

/** The workflow that is a lock, where Temporal is the lock system; one for each key. */
export const lockWorkflowType = 'perdureLock';

/** Its id. */
export function lockWorkflowId(key: string): string {
  return `lock/${key}`;
}

/** Its updates and its query. All updates are safe to repeat. */
export const lockMessages = {
  /** Takes a {@link LockClaim}, gives a {@link LockAnswer}. */
  acquire: 'acquire',
  /** Takes a {@link LockRenewal}, gives when the lease runs out, or null where the lock is lost. */
  renew: 'renew',
  /** Takes a {@link LockRelease}, gives nothing. */
  release: 'release',
  /** Gives a {@link LockRecord}. */
  state: 'state',
} as const;

/** Types of the application failures with which `withLock` ends; its workflow may catch them. */
export const lockFailureTypes = { lost: lockLostType, late: 'urn:perdure:error:lock-late' } as const;

export interface LockClaim {
  readonly holder: string;
  readonly ttlMs: number;
  /** How long the answer may take where others hold the lock. */
  readonly waitMs: number;
}

export type LockAnswer =
  /** `isBrief`: for the whole of the lease it has to be asked for once more. */
  | { readonly token: string; readonly expiresAt: number; readonly isBrief?: true }
  /** Others are before: how many, and after how long to ask again. */
  | { readonly place: number; readonly retryAfterMs: number };

export interface LockRenewal {
  readonly holder: string;
  readonly token: string;
  readonly ttlMs: number;
}

export interface LockRelease {
  readonly holder: string;
  readonly token?: string;
}

/** The name under which an execution holds a lock: `mark` tells its holds apart, 40 hexadecimal digits. */
export function lockHolder(workflowId: string, mark: string): string {
  return `${workflowId}/${mark}`;
}

/** The execution of a holder. */
export function executionOfHolder(holder: string): string {
  return holder.replace(/\/[\da-f]{40}$/, '');
}

/** What a lock remembers, and hands to its next run. */
export interface LockRecord {
  /** The last token that was given. */
  readonly token: number;
  readonly held?: {
    readonly holder: string;
    readonly token: number;
    readonly since: number;
    readonly expiresAt: number;
    /** It was given to who waited, and may have gone. */
    readonly isBrief?: true;
  };
  readonly queue: readonly LockWaiter[];
  /** How long a holder has it, in milliseconds, on average: who waits far behind asks as rarely as that allows. */
  readonly turnMs: number;
}

export interface LockWaiter {
  readonly holder: string;
  readonly since: number;
  readonly ttlMs: number;
  /** One that did not ask again by then has gone. */
  readonly seenUntil: number;
}

/** The execution that holds a lock or waits for it, as its activities know it. */
interface LockedRequest {
  /** JSON Pointer of the task; `/` where there is none. */
  readonly reference: string;
  readonly key: string;
  readonly holder: string;
}

export interface AcquireLockRequest extends LockedRequest {
  readonly ttlMs: number;
  /** Until when to wait, in milliseconds since the epoch; absent: for ever. */
  readonly until?: number;
}

/** `waiting`: the activity has waited for as long as one may, and the holder keeps its place. */
export type AcquiredLock =
  | { readonly state: 'held'; readonly token: string }
  | { readonly state: 'waiting' }
  | { readonly state: 'late' };

export interface KeepLockRequest extends LockedRequest {
  readonly token: string;
  readonly ttlMs: number;
}

/** `held`: the activity has kept it for as long as one may. */
export interface KeptLock {
  readonly state: 'held' | 'lost';
}

export interface ReleaseLockRequest extends LockedRequest {
  /** Absent where it may have been had, and nobody knows the token. */
  readonly token?: string;
}

/** How long a holder's worker may be silent before another one goes on: well inside of the lease. */
export function lockHeartbeatMs(ttlMs: number): number {
  return Math.min(Math.max(Math.round(ttlMs / 3), 1_000), 10_000);
}
