import { executionInfoFromRaw } from '@temporalio/client/lib/helpers.js';
import type { WorkflowExecutionInfo } from '@temporalio/client';
import { z } from 'zod';
import { executionStatuses } from '../workflows/contract.ts';
import type { ApiDependencies } from './dependencies.ts';
import { attributeErrorType, attributeStatus, executionIdentity } from './execution-view.ts';
import { executionStatus, isHeld, temporalUiLink } from './execution-view.ts';
import { listQuery } from './list-query.ts';
import { cursorFor, tokenOf } from './page-cursor.ts';
import { executionId, pageQuery, parseQuery, plainText } from './parse-request.ts';
import type { Route } from './route.ts';
import { temporalDeadlineMs, withinDeadline } from './temporal-deadline.ts';

const text = plainText.max(2_048);
const time = z.iso.datetime({ offset: true });

export const listParameters = z.strictObject({
  ...pageQuery,
  workflow: text.optional(),
  version: text.optional(),
  status: z.enum(executionStatuses).optional(),
  startedAfter: time.optional(),
  startedBefore: time.optional(),
  idPrefix: executionId.optional(),
  errorType: text.optional(),
});

/** `GET /v1/executions`, newest first. It reads Temporal's visibility, which lags an execution by up to a second or so. */
export function listRoutes({ client, connection, settings }: ApiDependencies): Route[] {
  function listed(info: WorkflowExecutionInfo): Record<string, unknown> {
    const status = executionStatus(info.status.name, attributeStatus(info));
    return {
      ...executionIdentity(info),
      status,
      held: isHeld(info.status.name, status),
      startedAt: info.startTime.toISOString(),
      endedAt: info.closeTime?.toISOString() ?? null,
      errorType: attributeErrorType(info),
      links: { temporalUi: temporalUiLink(settings, info.workflowId, info.runId) },
    };
  }

  return [
    {
      method: 'get',
      path: '/v1/executions',
      handle: async (request, response) => {
        const { limit, cursor, ...filters } = parseQuery(listParameters, request.query);
        const { namespace, loadedDataConverter } = client.options;
        const visibilityQuery = listQuery(filters);
        const nextPageToken = tokenOf(visibilityQuery, cursor);
        const page = await withinDeadline(connection, temporalDeadlineMs, () =>
          client.workflowService.listWorkflowExecutions({
            namespace,
            query: visibilityQuery,
            pageSize: limit,
            nextPageToken,
          }),
        );
        const infos = await Promise.all(
          page.executions.map((raw) => executionInfoFromRaw(raw, loadedDataConverter, raw, namespace)),
        );
        const nextCursor = cursorFor(visibilityQuery, page.nextPageToken);
        response.json({ executions: infos.map(listed), nextCursor });
      },
    },
  ];
}
