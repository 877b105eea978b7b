/** The language's errors: RFC 7807 problems with the specification's standard types ("Standard Error Types"). */
import type { ErrorDefinition } from './types.ts';

const base = 'https://open-workflow-specification.org/spec/1.0.0/errors/';

/** The standard error types with the status each has where nothing better is known. */
const standardErrors = {
  configuration: 400,
  validation: 400,
  expression: 400,
  authentication: 401,
  authorization: 403,
  timeout: 408,
  communication: 500,
  runtime: 500,
} as const;

export type StandardError = keyof typeof standardErrors;

/** An error of the language as definitions see it and as the API answers it. */
export interface WorkflowError extends ErrorDefinition {
  readonly instance: string;
  readonly title: string;
}

/** The URI of a standard error type. */
function errorType(name: StandardError): string {
  return base + name;
}

// Older documents name the standard types under the specification's former host and paths.
const knownHosts =
  /^https:\/\/(?:www\.)?(?:open-workflow-specification\.org|serverlessworkflow\.io)\/(?:spec\/[^/]+\/errors|dsl\/errors\/types|errors\/types|errors)\/([a-z]+)$/;

/** The current URI of a standard type written in any of its known forms; other types come back as they are. */
export function canonicalErrorType(type: string): string {
  const name = knownHosts.exec(type)?.[1];
  return name !== undefined && Object.hasOwn(standardErrors, name) ? base + name : type;
}

/**
 * Thrown wherever a definition's own error ends a task: the engine catches it in `try`, and an uncaught one faults the
 * execution. It is never retried behind the definition's back.
 */
export class WorkflowFault extends Error {
  override readonly name = 'WorkflowFault';
  readonly error: WorkflowError;

  /** Long texts are cut, and broken UTF-16 mended: an error has to fit into every message that carries it. */
  constructor(error: WorkflowError, options?: ErrorOptions) {
    const { type, instance, title, detail } = error;
    const sendable: WorkflowError = {
      ...error,
      type: shortened(type, 2_000),
      instance: shortened(instance, 4_000),
      title: shortened(title, 2_000),
      ...(detail === undefined ? {} : { detail: shortened(detail, 10_000) }),
    };
    super(detail === undefined ? sendable.title : `${sendable.title}: ${sendable.detail}`, options);
    this.error = sendable;
  }
}

function shortened(text: string, length: number): string {
  return (text.length <= length ? text : `${text.slice(0, length - 1)}…`).toWellFormed();
}

const titles: Record<StandardError, string> = {
  configuration: 'Configuration Error',
  validation: 'Validation Error',
  expression: 'Expression Error',
  authentication: 'Authentication Error',
  authorization: 'Authorization Error',
  timeout: 'Timeout',
  communication: 'Communication Error',
  runtime: 'Runtime Error',
};

/** A fault of a standard type. `instance` is the JSON Pointer of the task that it comes from. */
export function standardFault(
  name: StandardError,
  instance: string,
  detail: string,
  overrides: { readonly status?: number; readonly title?: string; readonly cause?: unknown } = {},
): WorkflowFault {
  return new WorkflowFault(
    {
      type: errorType(name),
      status: overrides.status ?? standardErrors[name],
      instance,
      title: overrides.title ?? titles[name],
      detail,
    },
    { cause: overrides.cause },
  );
}
