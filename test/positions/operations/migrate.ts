import { operationQueries, operationRefusals, operationUpdates } from '../../../workflows/contract.ts';
import type { MigrateRequest, MigrationPlan } from '../../../workflows/contract.ts';
import { foreignVersion, secondVersion } from '../definitions.ts';
import { begin } from '../execution.ts';
import { outcomeOfMigration } from '../outcomes.ts';
import { crossesBarrier, standing } from '../spots.ts';
import { eachRow } from './operation.ts';
import { expectSameRequests } from './requests.ts';

/** A version without the position is refused; with another one it goes on from the same task. */
export const migrate = eachRow(['migrate'], async (stage, row) => {
  const execution = await begin(stage, row, { operation: 'migrate', pause: 'PT25S' });
  await standing(execution);
  const { handle, place } = execution;

  await expect(
    execution.update(operationUpdates.migrate, { definition: foreignVersion(row, place) }),
  ).rejects.toMatchObject({ cause: { type: operationRefusals.migrationUnsafe } });

  const request: MigrateRequest = { definition: secondVersion(row, place) };
  const dry = await handle.query<MigrationPlan, [MigrateRequest]>(operationQueries.migrationPlan, request);
  expect(dry).toMatchObject({ possible: true, from: '1.0.0', to: '2.0.0', obstacles: [] });
  expect(dry.differences.map(({ reference }) => reference.split('/').at(-1))).toEqual(
    expect.arrayContaining(['early', 'late']),
  );

  const { runId } = await handle.describe();
  expect(await execution.update<MigrationPlan>(operationUpdates.migrate, request)).toEqual(dry);
  await crossesBarrier(execution, runId);
  execution.release();
  await execution.endsWith(outcomeOfMigration(row));
  expect((await execution.report()).workflow.version).toBe('2.0.0');
  expectSameRequests(stage, execution);
});
