import { z } from 'zod';
import type { InboxEntry } from '../backends/events/inbox-entry.ts';
import type { RoutedEvent } from '../backends/events/router.ts';
import type { CloudEvent } from '../dsl/events/cloud-event.ts';
import { InputTooLargeError } from '../temporal/definition-start.ts';
import type { ApiDependencies } from './dependencies.ts';
import { eventsOf } from './event-request.ts';
import { ofGivenCursor } from './page-cursor.ts';
import { pageQuery, parseQuery } from './parse-request.ts';
import { refuseLarge } from './payload-size.ts';
import { Problem } from './problem.ts';
import type { Route } from './route.ts';
import { withinDeadline } from './temporal-deadline.ts';

const attribute = z.string().min(1).max(2_048).optional();

export const inboxQuery = z.strictObject({
  ...pageQuery,
  type: attribute,
  source: attribute,
  matched: z.enum(['true', 'false']).optional(),
});

/** How long all events of a request may take, in milliseconds: a batch may be for many executions. */
const deadlineMs = 20_000;

/** Ids that one answer tells for one event; all are counted. */
const maxIds = 100;

/** `/v1/events`: events from outside, by the same way as those of the event system; and the inbox. */
export function eventRoutes({ routing, settings, connection }: ApiDependencies): Route[] {
  const { router, inbox } = routing;

  async function route(events: readonly CloudEvent[]): Promise<readonly RoutedEvent[]> {
    try {
      return await withinDeadline(connection, deadlineMs, () => router.route(events));
    } catch (error) {
      if (!(error instanceof InputTooLargeError)) throw error;
      throw new Problem('payload-too-large', error.message, { cause: error });
    }
  }

  return [
    {
      method: 'post',
      path: '/v1/events',
      body: 'bytes',
      handle: async (request, response) => {
        const events = eventsOf(request);
        for (const event of events) refuseLarge('event', event, settings.limits.payloadBytes);
        const routed = await route(events);
        response.status(202).json({ events: routed.map(routedView) });
      },
    },
    {
      method: 'get',
      path: '/v1/events',
      handle: async (request, response) => {
        const { matched, ...query } = parseQuery(inboxQuery, request.query);
        const isMatched = matched === undefined ? {} : { matched: matched === 'true' };
        const { entries, nextCursor } = await ofGivenCursor(inbox.list({ ...query, ...isMatched }));
        const now = Date.now();
        const events = entries.map((entry) => entryView(entry, now));
        response.json({ events, ...(nextCursor === undefined ? {} : { nextCursor }) });
      },
    },
  ];
}

/** What an event has set in motion, as the API tells it. */
export function routedView({ event, known, delivered, started }: RoutedEvent): object {
  const { id, source, type } = event;
  return {
    id,
    source,
    type,
    known,
    delivered: { count: delivered.length, executions: delivered.slice(0, maxIds) },
    started: { count: started.length, executions: started.slice(0, maxIds) },
  };
}

function entryView({ event, receivedAt, expiresAt, recipients }: InboxEntry, now: number): object {
  return {
    event,
    receivedAt: new Date(receivedAt).toISOString(),
    expiresAt: new Date(expiresAt).toISOString(),
    ageSeconds: Math.round((now - receivedAt) / 1_000),
    matched: recipients.length > 0,
    consumedBy: [...new Set(recipients.map(({ definition }) => definition))],
  };
}
