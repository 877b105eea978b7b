import { randomUUID } from 'node:crypto';
import type { NextFunction, Request } from 'express';
import type { Logger } from 'pino';
import type { ApiResponse } from './route.ts';

const acceptedId = /^[\w.:-]{1,128}$/;

/**
 * Gives each request an id, that of its `X-Request-Id` where it is sane, answers it in the same header, and logs one
 * line when the answer is out. Query strings and bodies are not logged: they hold what belongs to the caller.
 */
export function requestLog(
  logger: Logger,
): (request: Request, response: ApiResponse, next: NextFunction) => void {
  return (request, response, next) => {
    const sent = request.get('x-request-id');
    const requestId = sent !== undefined && acceptedId.test(sent) ? sent : randomUUID();
    const startedAt = performance.now();
    const { method, path } = request;
    response.locals.requestId = requestId;
    response.locals.caller = 'anonymous';
    response.set({ 'X-Request-Id': requestId, 'X-Content-Type-Options': 'nosniff' });
    response.on('close', () => {
      const { caller, workflowId } = response.locals;
      const milliseconds = Math.round(performance.now() - startedAt);
      const aborted = response.writableFinished ? {} : { aborted: true };
      const status = response.statusCode;
      const line = { requestId, method, path, status, milliseconds, caller, workflowId, ...aborted };
      if (path.startsWith('/v1/')) logger.info(line, 'request');
      else logger.debug(line, 'request');
    });
    next();
  };
}
