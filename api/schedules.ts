import type { ScheduleExecutionResult } from '@temporalio/client';
import type { Request } from 'express';
import { z } from 'zod';
import { executionIdOf } from '../temporal/schedules.ts';
import type { ScheduleEntry } from '../temporal/schedules.ts';
import { definitionNamePart } from './definitions.ts';
import type { ApiDependencies } from './dependencies.ts';
import { cursorFor, tokenOf } from './page-cursor.ts';
import { pageQuery, parseBody, parseQuery } from './parse-request.ts';
import { Problem } from './problem.ts';
import { pathParameter } from './route.ts';
import type { ApiResponse, Route } from './route.ts';
import { temporalDeadlineMs, withinDeadline } from './temporal-deadline.ts';

export const scheduleListQuery = z.strictObject(pageQuery);
export const triggerBody = z.strictObject({});
export const pauseBody = z.strictObject({ note: z.string().max(400).optional() });

/** Stands for the query in the cursor's checksum: the list has no filters. */
const listOfSchedules = 'schedules';

/** `/v1/schedules`: the definitions that start by time. A deploy makes them; here they are seen, triggered and held. */
export function scheduleRoutes({ schedules, definitions, connection }: ApiDependencies): Route[] {
  const one = '/v1/schedules/{namespace}/{name}';
  const timely = <T>(call: () => Promise<T>): Promise<T> =>
    withinDeadline(connection, temporalDeadlineMs, call);

  /** Makes a call on the schedule that the path names. Fails with 404 where there is none. */
  async function onSchedule(
    request: Request,
    response: ApiResponse,
    call: (name: string) => Promise<boolean>,
  ): Promise<void> {
    const name = nameOf(request);
    if (!(await timely(() => call(name)))) missing(name);
    response.status(202).json({ workflow: name, accepted: true });
  }

  return [
    {
      method: 'get',
      path: '/v1/schedules',
      handle: async (request, response) => {
        const { limit, cursor } = parseQuery(scheduleListQuery, request.query);
        const page = await timely(() => schedules.list(limit, tokenOf(listOfSchedules, cursor)));
        const nextCursor = cursorFor(listOfSchedules, page.nextPageToken);
        response.json({ schedules: page.schedules.map(entryView), nextCursor });
      },
    },
    {
      method: 'get',
      path: one,
      handle: async (request, response) => {
        const name = nameOf(request);
        const found = (await timely(() => schedules.describe(name))) ?? missing(name);
        const [namespace = '', definition = ''] = name.split('/');
        const record = await definitions.get(namespace, definition, 'latest');
        const { info, state } = found;
        response.json({
          ...entryView({ name, paused: state.paused, note: state.note, next: info.nextActionTimes }),
          version: record?.definition.document.version,
          schedule: record?.definition.schedule,
          starts: info.numActionsTaken,
          missed: info.numActionsMissedCatchupWindow,
          recent: info.recentActions.map(startView),
        });
      },
    },
    {
      method: 'post',
      path: `${one}/trigger`,
      body: 'json',
      handle: async (request, response) => {
        parseBody(triggerBody, request.body);
        await onSchedule(request, response, (name) => schedules.trigger(name));
      },
    },
    {
      method: 'post',
      path: `${one}/pause`,
      body: 'json',
      handle: async (request, response) => {
        const { note = 'paused through the API' } = parseBody(pauseBody, request.body);
        await onSchedule(request, response, (name) => schedules.pause(name, note));
      },
    },
    {
      method: 'post',
      path: `${one}/resume`,
      body: 'json',
      handle: async (request, response) => {
        const { note = 'resumed through the API' } = parseBody(pauseBody, request.body);
        await onSchedule(request, response, (name) => schedules.resume(name, note));
      },
    },
  ];
}

function nameOf(request: Request): string {
  const parts = [pathParameter(request, 'namespace'), pathParameter(request, 'name')];
  const name = parts.join('/');
  return parts.every((part) => definitionNamePart.test(part)) ? name : missing(name);
}

function missing(name: string): never {
  throw new Problem('schedule-not-found', `${name} has no schedule by time`);
}

function entryView({ name, paused, note, next }: ScheduleEntry): Record<string, unknown> {
  return {
    workflow: name,
    paused,
    note: note === '' ? undefined : note,
    next: next.map((time) => time.toISOString()),
  };
}

function startView({ scheduledAt, takenAt, action }: ScheduleExecutionResult): Record<string, unknown> {
  return {
    scheduledAt: scheduledAt.toISOString(),
    startedAt: takenAt.toISOString(),
    execution: executionIdOf(action.workflow.workflowId),
  };
}
