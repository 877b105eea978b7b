import express from 'express';
import type { Express, NextFunction, Request, RequestHandler } from 'express';
import { onlyThisMachine, requireKey } from './authorise.ts';
import { deadLetterRoutes } from './dead-letters.ts';
import { definitionRoutes, definitionTypes } from './definitions.ts';
import type { ApiDependencies } from './dependencies.ts';
import { docsRoutes } from './docs-page.ts';
import { problemOf } from './error-problem.ts';
import { eventRoutes } from './events.ts';
import { listRoutes } from './executions-list.ts';
import { readRoutes } from './executions-read.ts';
import { startRoutes } from './executions-start.ts';
import { taskRoutes } from './executions-tasks.ts';
import { healthRoutes } from './health.ts';
import { lockRoutes } from './locks.ts';
import { messageRoutes } from './messages.ts';
import { operationRoutes } from './operations.ts';
import { Problem } from './problem.ts';
import { requestLog } from './request-log.ts';
import type { ApiResponse, Route } from './route.ts';
import { scheduleRoutes } from './schedules.ts';
import { workflowRoutes } from './workflows.ts';

const jsonTypes = ['application/json', 'application/*+json'];

/** Every route of the API. */
function apiRoutes(dependencies: ApiDependencies): readonly Route[] {
  return [
    ...definitionRoutes(dependencies),
    ...workflowRoutes(dependencies),
    ...startRoutes(dependencies),
    ...listRoutes(dependencies),
    ...readRoutes(dependencies),
    ...taskRoutes(dependencies),
    ...messageRoutes(dependencies),
    ...operationRoutes(dependencies),
    ...eventRoutes(dependencies),
    ...deadLetterRoutes(dependencies),
    ...scheduleRoutes(dependencies),
    ...lockRoutes(dependencies),
    ...healthRoutes(dependencies),
    ...docsRoutes(dependencies),
  ];
}

/** The API as an Express application; it does not listen yet. */
export function createApi(dependencies: ApiDependencies): Express {
  const { settings, logger } = dependencies;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.enable('case sensitive routing');
  app.use(requestLog(logger), onlyThisMachine(settings.api.keys));

  const keyed = requireKey(settings.api.keys);
  const readers = bodyReaders(settings.api.maxBodyBytes);
  for (const [path, routes] of Map.groupBy(apiRoutes(dependencies), (route) => route.path)) {
    const onPath = app.route(path.replaceAll(/\{(\w+)\}/g, ':$1'));
    for (const { method, access, body, handle } of routes) {
      if (access !== 'open') onPath[method](keyed);
      if (body !== undefined) onPath[method](...readers[body]);
      onPath[method](handle);
    }
    onPath.all(otherMethods(routes));
  }
  app.use(keyed, (request) => {
    throw new Problem(
      'route-not-found',
      `There is no ${request.path}; GET /openapi.json lists what there is`,
    );
  });
  app.use(answerError(dependencies));
  return app;
}

/** Answers OPTIONS, and refuses every method that no route of the path has. */
function otherMethods(routes: readonly Route[]): RequestHandler {
  const methods = routes.map(({ method }) => method.toUpperCase());
  const allow = [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
  return (request, response) => {
    if (request.method === 'OPTIONS') {
      response.set('Allow', allow).status(204).end();
      return;
    }
    throw new Problem('method-not-allowed', `${request.path} takes ${allow}`, { headers: { Allow: allow } });
  };
}

function bodyReaders(limit: number): Record<NonNullable<Route['body']>, RequestHandler[]> {
  return {
    json: [requireType(jsonTypes), express.json({ type: jsonTypes, limit, strict: false })],
    definition: [requireType(definitionTypes), express.text({ type: definitionTypes, limit })],
    bytes: [express.raw({ type: () => true, limit })],
  };
}

function requireType(types: string[]): RequestHandler {
  return (request, _response, next) => {
    if (hasBody(request) && !request.is(types)) {
      const sent = request.get('content-type');
      const found = sent === undefined ? 'The body has no Content-Type' : `"${sent}" is not supported`;
      throw new Problem('unsupported-media-type', `${found}; send ${types.join(', ')}`);
    }
    next();
  };
}

function hasBody({ headers }: Request): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** The one place where errors are answered: a problem document, and in the log the cause with its stack. */
function answerError({ logger }: ApiDependencies) {
  // Express knows an error handler by its four parameters.
  return (error: unknown, _request: Request, response: ApiResponse, _next: NextFunction): void => {
    const problem = problemOf(error);
    const { requestId, workflowId } = response.locals;
    if (problem.status >= 500) logger.error({ requestId, workflowId, err: error }, problem.message);
    if (response.headersSent) {
      response.destroy();
      return;
    }
    response.status(problem.status).set(problem.headers);
    response.type('application/problem+json').send(JSON.stringify(problem.body(requestId)));
  };
}
