/** What a policy resolves to: the `Authorization` header ("Authorization Descriptor" of the language). */
export interface Authorization {
  readonly scheme: string;
  /** Empty where the server has to ask first, as for digest: then `afterRefusal` gives the answer. */
  readonly parameter: string;
  /** The same for the same credentials, and tells nothing about them: what was read with one may be kept under it. */
  readonly fingerprint: string;
  /** What to send instead after a 401, or undefined when there is nothing else to try. Faults like `authorize`. */
  readonly afterRefusal?: (refusal: Refusal) => Promise<Authorization | undefined>;
}

/** A request that was answered with 401. */
export interface Refusal {
  readonly method: string;
  readonly url: URL;
  readonly body?: Uint8Array;
  /** `WWW-Authenticate` of the answer. */
  readonly challenge?: string;
}

/** The header that an authorization is sent in: none before the server's challenge. */
export function authorizationHeader(authorization: Authorization | undefined): {
  readonly authorization?: string;
} {
  if (authorization === undefined || authorization.parameter === '') return {};
  return { authorization: `${authorization.scheme} ${authorization.parameter}` };
}
