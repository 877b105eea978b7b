/** What a client reports, as an error. */
export function failureFrom(reported: unknown): Error {
  return reported instanceof Error ? reported : new Error(String(reported));
}
