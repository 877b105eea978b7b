import { z } from 'zod';
import type { DeadLetter } from '../backends/events/dead-letters.ts';
import { deadReasons } from '../backends/events/failure.ts';
import type { ApiDependencies } from './dependencies.ts';
import { routedView } from './events.ts';
import { ofGivenCursor } from './page-cursor.ts';
import { pageQuery, parseBody, parseQuery } from './parse-request.ts';
import { Problem } from './problem.ts';
import { pathParameter } from './route.ts';
import type { Route } from './route.ts';
import { withinDeadline } from './temporal-deadline.ts';

const filters = { reason: z.enum(deadReasons).optional(), type: z.string().min(1).max(2_048).optional() };

export const deadLetterQuery = z.strictObject({ ...pageQuery, ...filters });
export const redriveManyBody = z.strictObject({
  ...filters,
  limit: z.int().min(1).max(500).default(100),
  cursor: pageQuery.cursor,
});
export const redriveBody = z.strictObject({});

/** How long a redrive may take, in milliseconds. */
const deadlineMs = 20_000;

/** `/v1/dead-letters`: events that could not be routed, to be looked at, sent again or let go. */
export function deadLetterRoutes({ routing, connection }: ApiDependencies): Route[] {
  const { deadLetters, redrive } = routing;
  const one = '/v1/dead-letters/{id}';

  return [
    {
      method: 'get',
      path: '/v1/dead-letters',
      handle: async (request, response) => {
        const query = parseQuery(deadLetterQuery, request.query);
        const { letters, nextCursor } = await ofGivenCursor(deadLetters.list(query));
        response.json({ deadLetters: letters.map(letterView), nextCursor });
      },
    },
    {
      // Before the route of one letter, whose id it would be taken for.
      method: 'post',
      path: '/v1/dead-letters/redrive',
      body: 'json',
      handle: async (request, response) => {
        const query = parseBody(redriveManyBody, request.body);
        const redriven = withinDeadline(connection, deadlineMs, () => redrive.many(query));
        response.json(await ofGivenCursor(redriven));
      },
    },
    {
      method: 'get',
      path: one,
      handle: async (request, response) => {
        const id = pathParameter(request, 'id');
        const { letter, content } = (await deadLetters.get(id)) ?? missing(id);
        response.json({ ...letterView(letter), content });
      },
    },
    {
      method: 'post',
      path: `${one}/redrive`,
      body: 'json',
      handle: async (request, response) => {
        parseBody(redriveBody, request.body);
        const id = pathParameter(request, 'id');
        const redriven = await withinDeadline(connection, deadlineMs, () => redrive.one(id));
        if (redriven.outcome === 'routed') {
          response.json(routedView(redriven.routed));
          return;
        }
        if (redriven.outcome === 'missing') missing(id);
        const { letter } = redriven;
        const why =
          redriven.outcome === 'incomplete'
            ? `Only the beginning of its ${letter.bytes} bytes was kept; let its source send it again`
            : `${letter.reason}: ${letter.detail}`;
        throw new Problem('not-routed', why, { members: { deadLetter: letterView(letter) } });
      },
    },
    {
      method: 'delete',
      path: one,
      handle: async (request, response) => {
        const id = pathParameter(request, 'id');
        if (!(await deadLetters.remove(id))) missing(id);
        response.status(204).end();
      },
    },
  ];
}

function missing(id: string): never {
  throw new Problem('dead-letter-not-found', `There is no dead letter "${id}", or no longer`);
}

function letterView({ diedAt, failedAt, expiresAt, reached, ...letter }: DeadLetter): object {
  return {
    ...letter,
    diedAt: new Date(diedAt).toISOString(),
    failedAt: new Date(failedAt).toISOString(),
    expiresAt: new Date(expiresAt).toISOString(),
    reached: reached.length,
  };
}
