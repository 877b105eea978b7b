import type { Lock } from './responses.ts';
import { printable } from './terminal.ts';

/** A lock as `show` tells it. Ends with a line break. */
export function lockText({ key, holder, execution, token, since, expiresAt, waiting, queue }: Lock): string {
  const rows: readonly (readonly [string, string | null | undefined])[] = [
    ['key', key],
    ['execution', execution],
    ['holder', holder],
    ['token', token],
    ['since', since],
    ['expires', expiresAt],
    ['waiting', String(waiting)],
  ];
  const lines = rows.flatMap(([name, value]) =>
    value === null || value === undefined ? [] : [`${`${name}:`.padEnd(11)}${printable(value)}`],
  );
  const waiters = queue.map(
    (waiter, index) =>
      `${String(index + 1).padStart(4)}. ${printable(waiter.execution)} since ${waiter.since}`,
  );
  return [...lines, ...waiters].map((line) => `${line}\n`).join('');
}
