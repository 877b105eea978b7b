/** Migration: an execution goes on with another version of its definition. docs/operations/migrate.md. */
import { compareDefinitions } from '../../../dsl/compare-definitions.ts';
import { asJson, jsonSize } from '../../../dsl/json.ts';
import type { Definition } from '../../../dsl/types.ts';
import {
  maxArgumentBytes,
  type MigrationObstacle,
  type MigrationPlan,
  type StartArgument,
} from '../../contract.ts';
import type { Position } from '../position.ts';
import { mapPosition } from './map-position.ts';

/** What migration looks at of an execution. */
interface Migrating {
  readonly start: StartArgument;
  readonly position: Position;
}

/** Whether the execution can go on with this definition from where it stands now, and how the two differ. */
export function migrationPlan(execution: Migrating, to: Definition): MigrationPlan {
  const { definition: from } = execution.start;
  const { obstacles } = mapped(execution, to);
  return {
    possible: obstacles.length === 0,
    from: from.document.version,
    to: to.document.version,
    differences: compareDefinitions(from, to),
    obstacles,
  };
}

/**
 * The definition and the position of the next run. A migration that is pending is made, or, where it has become
 * impossible since it was accepted, refused: then everything stays as it is and the position says why.
 */
export function migrated(execution: Migrating): {
  readonly definition: Definition;
  readonly position: Position;
} {
  const { migration } = execution.position;
  const { definition } = execution.start;
  if (migration?.state !== 'pending') return { definition, position: execution.position };
  const { obstacles, position } = mapped(execution, migration.definition);
  if (obstacles.length === 0) {
    delete position.migration;
    return { definition: migration.definition, position };
  }
  const { version } = migration.definition.document;
  return {
    definition,
    position: { ...execution.position, migration: { state: 'refused', version, obstacles } },
  };
}

/** The position in the new version, or what is in the way of one. */
function mapped(
  { start, position }: Migrating,
  to: Definition,
): { readonly obstacles: readonly MigrationObstacle[]; readonly position: Position } {
  const { definition: from } = start;
  const isOther =
    from.document.namespace !== to.document.namespace || from.document.name !== to.document.name;
  if (isOther) {
    const { namespace, name } = to.document;
    const reason = `${namespace}/${name} is another definition`;
    return { obstacles: [{ reference: '/document', reason }], position };
  }
  const copy = JSON.parse(JSON.stringify(position)) as Position;
  const obstacles = mapPosition(from, to, copy);
  const size = jsonSize(asJson({ ...start, definition: to, resume: { ...copy } }));
  if (size <= maxArgumentBytes) return { obstacles, position: copy };
  const reason = `The data under way has ${size} bytes with this version, more than ${maxArgumentBytes}`;
  return { obstacles: [...obstacles, { reference: '/do', reason }], position: copy };
}
