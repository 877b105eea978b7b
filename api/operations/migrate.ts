import type { WorkflowExecutionDescription } from '@temporalio/client';
import { z } from 'zod';
import { recordedSettings } from '../../config/recorded-settings.ts';
import type { Definition } from '../../dsl/types.ts';
import { maxArgumentBytes, operationQueries, operationUpdates } from '../../workflows/contract.ts';
import type { MigrateRequest, MigrationPlan, StartArgument } from '../../workflows/contract.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { executionIdentity } from '../execution-view.ts';
import { messageKey } from '../message-key.ts';
import { refuseClosed } from '../open-execution.ts';
import { parseBody } from '../parse-request.ts';
import { refuseLarge } from '../payload-size.ts';
import { readInput } from '../read-execution.ts';
import type { Route } from '../route.ts';
import { findDefinition } from '../startable.ts';
import { describeDefinition, queryEngine, updateEngine } from './engine-calls.ts';
import { operationRequest } from './operation-request.ts';

export const migrateBody = z.strictObject({ version: z.string().min(1).max(128) });

/** Migrate: an open execution goes on with another version of its definition. */
export function migrateRoute(dependencies: ApiDependencies): Route {
  return {
    method: 'post',
    path: '/v1/executions/{id}/migrate',
    body: 'json',
    handle: async (request, response) => {
      const { version } = parseBody(migrateBody, request.body);
      const { dryRun, ...execution } = operationRequest(request, response);
      const description = await describeDefinition(dependencies, execution, 'can be migrated');
      refuseClosed(description);
      const definition = await findDefinition(
        dependencies.definitions,
        executionIdentity(description).workflow,
        version,
      );
      await refuseLargeDefinition(dependencies, description, definition);
      const { id } = execution;
      const migration: MigrateRequest = { definition };
      if (dryRun) {
        const asked = { id, runId: description.runId };
        const name = operationQueries.migrationPlan;
        const plan = await queryEngine<MigrationPlan>(dependencies, asked, name, migration);
        response.json({ id, dryRun, ...plan });
        return;
      }
      const key = messageKey(request, response);
      const name = operationUpdates.migrate;
      const plan = await updateEngine<MigrationPlan>(dependencies, execution, name, migration, key);
      response.status(202).json({ id, accepted: true, ...plan });
    },
  };
}

/** Fails with 413 where the definition leaves no room for the execution's input beside it. */
async function refuseLargeDefinition(
  dependencies: ApiDependencies,
  description: WorkflowExecutionDescription,
  definition: Definition,
): Promise<void> {
  const input = await readInput(dependencies, description);
  const { type } = description;
  const recorded = recordedSettings(dependencies.settings);
  const argument: StartArgument = { perdure: 1, type, definition, input, ...recorded };
  refuseLarge('definition together with the input of the execution', argument, maxArgumentBytes);
}
