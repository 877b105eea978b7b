import { Problem } from './problem.ts';

/** The 504 of a query or an update that no worker answered within `milliseconds`. */
export function unanswered(what: 'query' | 'update', milliseconds: number, cause: unknown): Problem {
  const advice = what === 'update' ? ' Repeat it with the same Idempotency-Key to wait on.' : '';
  const detail = `No worker answered the ${what} within ${milliseconds / 1_000} s.${advice}`;
  return new Problem('no-answer', detail, { cause });
}
