import type { Request, Response } from 'express';

/** What the middlewares leave for handlers and for the request log. */
interface CallLocals {
  requestId: string;
  /** Name of the API key, or `anonymous` where none is configured. */
  caller: string;
  /** Set by handlers, for the log. */
  workflowId?: string;
}

export type ApiResponse = Response<unknown, CallLocals>;

/** One method of one path. Everything the API answers is such a route, so that its description can be checked. */
export interface Route {
  readonly method: 'get' | 'post' | 'delete';
  /** As in OpenAPI: `/v1/executions/{id}`. */
  readonly path: string;
  /** What is read before `handle`: JSON into a value, a definition's text, or bytes. Absent: the body is ignored. */
  readonly body?: 'json' | 'definition' | 'bytes';
  /** `open` answers without an API key. */
  readonly access?: 'open';
  /** Answers, or throws a `Problem` or whatever a dependency threw. */
  readonly handle: (request: Request, response: ApiResponse) => Promise<void> | void;
}

/** A parameter of the route's path, decoded. */
export function pathParameter(request: Request, name: string): string {
  const value = request.params[name];
  return typeof value === 'string' ? value : '';
}
