import { createHash } from 'node:crypto';
import { types } from 'cassandra-driver';
import type { Client } from 'cassandra-driver';
import { newerLayout } from './errors.ts';

/** Grows with every change of the layout. */
const layoutVersion = 1;

/** Where the layout's version lies: in no partition that holds documents. */
const layoutRow = 'partition = -1 AND key = 0x6c61796f7574';

const deletedForSeconds = 10_800;

/**
 * Makes keyspace and table where they are missing; safe by several at once, and where it was cut off. Fails with a
 * `StoreError` where a newer Perdure was here before, else with the driver's errors.
 */
export async function prepareCassandraLayout(client: Client, keyspace: string, name: string): Promise<void> {
  const version = await knownVersion(client, keyspace);
  if (version === layoutVersion) return;
  if (version !== undefined && version > layoutVersion) throw newerLayout(name, `layout ${version}`);
  const { quorum, serial } = types.consistencies;
  if (!(await hasKeyspace(client, keyspace))) {
    await client.execute(
      `CREATE KEYSPACE IF NOT EXISTS ${keyspace} WITH replication = ${replication(client)}`,
    );
  }
  // Two nodes that make a table at the same moment would make two, were it not for the same id. What was deleted is
  // kept for as long as nodes keep hints for one that is away: the inbox deletes as much as it writes, and scans pass
  // over what was deleted.
  await client.execute(
    `CREATE TABLE IF NOT EXISTS ${keyspace}.documents (
       partition int, key blob, version text, bytes int, value blob, PRIMARY KEY (partition, key)
     ) WITH ID = ${tableId(keyspace)} AND gc_grace_seconds = ${deletedForSeconds}`,
  );
  await client.execute(
    `UPDATE ${keyspace}.documents SET version = '${layoutVersion}' WHERE ${layoutRow} IF version = null`,
    [],
    { consistency: quorum, serialConsistency: serial },
  );
}

/** The version of the layout that is there; undefined where there is none. */
async function knownVersion(client: Client, keyspace: string): Promise<number | undefined> {
  try {
    const { rows } = await client.execute(
      `SELECT version FROM ${keyspace}.documents WHERE ${layoutRow}`,
      [],
      { consistency: types.consistencies.serial },
    );
    return rows[0] && Number(rows[0]['version']);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** A user may have rights in a keyspace and not the right to make one, even one that is there. */
async function hasKeyspace(client: Client, keyspace: string): Promise<boolean> {
  const { rows } = await client.execute(
    'SELECT keyspace_name FROM system_schema.keyspaces WHERE keyspace_name = ?',
    [keyspace],
    { prepare: true },
  );
  return rows.length > 0;
}

/** Three copies in every data centre, or as many as it has nodes. */
function replication(client: Client): string {
  const nodes = Map.groupBy(client.hosts.values(), ({ datacenter }) => datacenter);
  const copies = [...nodes].map(([name, { length }]) => `'${name}': ${Math.min(length, 3)}`);
  return `{'class': 'NetworkTopologyStrategy', ${copies.join(', ')}}`;
}

function tableId(keyspace: string): string {
  const digest = createHash('sha256').update(`perdure ${keyspace}.documents`).digest();
  // The form of a UUID that was made from a name.
  digest[6] = ((digest[6] ?? 0) & 0x0f) | 0x50;
  digest[8] = ((digest[8] ?? 0) & 0x3f) | 0x80;
  return types.Uuid.fromString(
    digest.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
  ).toString();
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === types.responseErrorCodes.invalid;
}
