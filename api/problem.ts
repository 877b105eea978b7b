/** Errors as the API answers them: `application/problem+json` (RFC 9457). docs/api.md lists every type. */

/** Every problem that the API answers, by the last part of its type URI, with its status and title. */
export const problemTypes = {
  'invalid-json': [400, 'The body is not valid JSON'],
  'invalid-request': [400, 'The request is not what this call takes'],
  unauthorized: [401, 'An API key is needed'],
  'refused-origin': [403, 'Only this machine may call'],
  'route-not-found': [404, 'No such route'],
  'definition-not-found': [404, 'No such definition'],
  'workflow-not-found': [404, 'No such workflow'],
  'schedule-not-found': [404, 'No such schedule'],
  'execution-not-found': [404, 'No such execution'],
  'dead-letter-not-found': [404, 'No such dead letter'],
  'lock-not-found': [404, 'No such lock'],
  'handler-not-found': [404, 'The workflow has no such query or update'],
  'method-not-allowed': [405, 'The route does not take this method'],
  'definition-exists': [409, 'The version exists with other content'],
  'execution-exists': [409, 'The id is taken'],
  'idempotency-conflict': [409, 'The idempotency key was used for another request'],
  'execution-ended': [409, 'The execution has ended'],
  'execution-ending': [409, 'The execution is about to end'],
  'execution-not-faulted': [409, 'The execution has not faulted'],
  'work-undone': [409, 'What the execution did was undone'],
  'retry-the-root': [409, 'Another execution waited for this one'],
  'migration-unsafe': [409, 'The execution cannot go on with that version'],
  'operation-not-supported': [409, 'The workflow does not take this operation'],
  'payload-too-large': [413, 'The payload is too large'],
  'unsupported-media-type': [415, 'The media type is not supported'],
  'invalid-definition': [422, 'The definition is not valid'],
  'invalid-event': [422, 'Not a CloudEvent'],
  'invalid-input': [422, 'The input does not match the schema'],
  'invalid-start': [422, 'No execution can begin there'],
  'not-routed': [422, 'The dead letter was not routed'],
  'handler-failed': [422, 'The workflow refused the query or update'],
  internal: [500, 'Something went wrong in Perdure'],
  'temporal-unavailable': [503, 'Temporal does not answer'],
  'store-unavailable': [503, 'The store does not answer'],
  'locks-unavailable': [503, 'The lock system does not answer'],
  'not-ready': [503, 'Not ready'],
  'no-answer': [504, 'No worker answered in time'],
} as const satisfies Record<string, readonly [status: number, title: string]>;

export type ProblemName = keyof typeof problemTypes;

/** One thing that is wrong with a request; `pointer` is a JSON Pointer into its body, or `/name` of a query parameter. */
export interface ProblemDetail {
  readonly pointer: string;
  readonly message: string;
  readonly code?: string;
  readonly line?: number;
  readonly column?: number;
}

interface ProblemOptions extends ErrorOptions {
  readonly errors?: readonly ProblemDetail[];
  readonly headers?: Readonly<Record<string, string>>;
  /** Extension members of the body. */
  readonly members?: Readonly<Record<string, unknown>>;
}

/** Seconds after which a call that found Temporal or the store gone is worth repeating. */
const retryAfterSeconds = '5';

/** Thrown by handlers; the last middleware answers it. `message` is for the caller: it never holds a stack or a secret. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly problem: ProblemName;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly #options: ProblemOptions;

  constructor(problem: ProblemName, detail: string, options: ProblemOptions = {}) {
    super(detail, { cause: options.cause });
    this.problem = problem;
    this.status = problemTypes[problem][0];
    this.headers = {
      ...(this.status === 503 ? { 'Retry-After': retryAfterSeconds } : {}),
      ...options.headers,
    };
    this.#options = options;
  }

  /** The members of the problem document; `requestId` finds the request in the log. */
  body(requestId: string): Record<string, unknown> {
    const { errors, members } = this.#options;
    return {
      ...members,
      type: problemUri(this.problem),
      title: problemTypes[this.problem][1],
      status: this.status,
      detail: this.message,
      requestId,
      ...(errors === undefined ? {} : { errors }),
    };
  }
}

/** The stable `type` of a problem. A URN: it identifies and promises no page behind it. */
function problemUri(name: ProblemName): string {
  return `urn:perdure:problem:${name}`;
}
