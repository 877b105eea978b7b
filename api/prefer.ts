/** Longest wait in seconds that a caller can ask for. */
const longestWait = 30;

/**
 * The seconds of `wait=N` in a `Prefer` header (RFC 7240), at most {@link longestWait}; undefined where the caller
 * states none. As the RFC asks, what cannot be understood is ignored.
 */
export function preferredWait(header: string | undefined): number | undefined {
  for (const preference of header?.split(',') ?? []) {
    const seconds = /^\s*wait\s*=\s*"?(\d{1,9})"?\s*(?:;|$)/i.exec(preference)?.[1];
    if (seconds !== undefined) return Math.min(Number(seconds), longestWait);
  }
  return undefined;
}
