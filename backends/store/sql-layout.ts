/** The tables of a store in an SQL database, and how they change from one release to the next. */
import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import type { Migration } from 'kysely/migration';
import { newerLayout, StoreError } from './errors.ts';
import type { SqlSystem, SqlTables } from './sql.ts';

// As kysely makes it.
type MigrationTable = { readonly perdure_migrations: { readonly name: string } };

/**
 * Brings the tables up to date; does nothing where they are. Processes that come at once wait for each other, and a
 * migration that was cut off is done again. Fails with a {@link StoreError}: where a newer Perdure was here before,
 * where this user may not create tables, where the server is away.
 */
export async function prepareSqlLayout(system: SqlSystem, database: Kysely<SqlTables>): Promise<void> {
  // The names are kept in the database: they never change, and the next comes last.
  const migrations: Readonly<Record<string, Migration>> = {
    '1-documents': {
      up: async (transaction) => {
        await sql.raw(system.createTable).execute(transaction);
      },
    },
  };
  try {
    const done = await doneMigrations(system, database.withTables<MigrationTable>());
    const unknown = done.filter((name) => !Object.hasOwn(migrations, name));
    if (unknown.length > 0) throw newerLayout(system.name, unknown.join(', '));
    if (Object.keys(migrations).every((name) => done.includes(name))) return;
    const migrator = new Migrator({
      db: database,
      provider: { getMigrations: () => Promise.resolve({ ...migrations }) },
      migrationTableName: 'perdure_migrations',
      migrationLockTableName: 'perdure_migrations_lock',
    });
    const { error } = await migrator.migrateToLatest();
    if (error !== undefined) throw error;
  } catch (error) {
    throw error instanceof StoreError ? error : system.explain(error);
  }
}

async function doneMigrations(
  system: SqlSystem,
  database: Kysely<SqlTables & MigrationTable>,
): Promise<readonly string[]> {
  try {
    const rows = await database.selectFrom('perdure_migrations').select('name').execute();
    return rows.map(({ name }) => name);
  } catch (error) {
    if (system.isMissingTable(error)) return [];
    throw error;
  }
}
