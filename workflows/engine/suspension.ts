/**
 * Suspension: nothing new begins until somebody resumes the execution. What is under way goes on to its end, and so do
 * deadlines; those that strike meanwhile are acted on at resume, timeouts before anything else.
 */
import type { Position } from './position.ts';

export interface Suspension {
  /** Also while the execution waits to be cancelled again: see {@link Position.cancelled}. */
  readonly isOn: boolean;
  /** False where it was suspended already. */
  suspend(): boolean;
  /** False where it was not suspended. */
  resume(): boolean;
  /**
   * Calls back at once, or first thing at resume: before any held branch goes on. Gives what takes the call back, and
   * says by its result whether it came too late.
   */
  atResume(call: () => void): () => boolean;
}

/** The suspension of an execution; whether it is on is part of the position. */
export function createSuspension(position: Position): Suspension {
  const overdue = new Set<() => void>();
  return {
    get isOn() {
      return position.suspendedAt !== undefined || position.cancelled === true;
    },
    suspend() {
      if (position.suspendedAt !== undefined) return false;
      position.suspendedAt = Date.now();
      return true;
    },
    resume() {
      if (position.suspendedAt === undefined) return false;
      delete position.suspendedAt;
      const calls = [...overdue];
      overdue.clear();
      for (const call of calls) call();
      return true;
    },
    atResume(call) {
      if (position.suspendedAt === undefined) {
        call();
        return () => false;
      }
      overdue.add(call);
      return () => overdue.delete(call);
    },
  };
}
