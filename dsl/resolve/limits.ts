/**
 * What the resources of one definition may come to. They travel in every start argument, which has to stay below the
 * 2 MiB of a payload with the definition and the input.
 */
export const resolutionLimits = {
  /** Functions and schemas together. */
  count: 50,
  /** Functions that call functions. */
  depth: 8,
  /** Of one document, in bytes. */
  bytes: 262_144,
  /** Of all, as JSON. */
  totalBytes: 524_288,
} as const;
