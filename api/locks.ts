import { z } from 'zod';
import type { LockState } from '../backends/locks/port.ts';
import { executionOfHolder } from '../workflows/contract.ts';
import type { ApiDependencies } from './dependencies.ts';
import { foreignCursor } from './page-cursor.ts';
import { pageQuery, parseQuery } from './parse-request.ts';
import { Problem } from './problem.ts';
import { pathParameter } from './route.ts';
import type { Route } from './route.ts';
import { withinDeadline } from './temporal-deadline.ts';

export const lockListQuery = z.strictObject(pageQuery);

/** How long the lock system may take, in milliseconds; its own patience with a server that is away is shorter. */
const deadlineMs = 10_000;

/** `/v1/locks`: who holds what, and who waits for it. */
export function lockRoutes({ locks, connection }: ApiDependencies): Route[] {
  return [
    {
      method: 'get',
      path: '/v1/locks',
      handle: async (request, response) => {
        const query = parseQuery(lockListQuery, request.query);
        const page = await withinDeadline(connection, deadlineMs, () => locks.list(query)).catch(
          (error: unknown) => {
            throw error instanceof TypeError ? foreignCursor(error) : error;
          },
        );
        response.json({ locks: page.locks.map(lockView), nextCursor: page.nextCursor });
      },
    },
    {
      method: 'get',
      path: '/v1/locks/{key}',
      handle: async (request, response) => {
        const key = pathParameter(request, 'key');
        const lock = await withinDeadline(connection, deadlineMs, () => locks.get(key));
        if (lock === undefined)
          throw new Problem('lock-not-found', `Nobody holds the lock "${key}", and nobody waits for it`);
        response.json(lockView(lock));
      },
    },
  ];
}

function lockView({ key, held, queue, waiting }: LockState): object {
  return {
    key,
    holder: held?.holder ?? null,
    execution: held === undefined ? null : executionOfHolder(held.holder),
    token: held?.token ?? null,
    since: held === undefined ? null : timeOf(held.since),
    expiresAt: held === undefined ? null : timeOf(held.expiresAt),
    waiting,
    queue: queue.map(({ holder, since }) => ({
      holder,
      execution: executionOfHolder(holder),
      since: timeOf(since),
    })),
  };
}

function timeOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
