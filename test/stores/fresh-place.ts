/** Places for stores where none has been before, on a server or in a folder. */
import { randomUUID } from 'node:crypto';
import { createConnection } from 'mysql2/promise';
import { Client } from 'pg';
import type { Place } from '../../backends/store/conformance.ts';

/**
 * A place of its own on the server that the URL names: a database, keyspace or table. With `sqlite:` it is a file in
 * `data`, the folder of local state.
 */
export async function freshPlace(url: string, data = ''): Promise<Place> {
  const name = `perdure_${randomUUID().slice(0, 8)}`;
  switch (url.replace(/:.*$/s, '')) {
    case 'sqlite':
      return { url: `sqlite:${name}.db`, data };
    case 'hbase':
      return { url: url.replace(/table=\w+/, `table=${name}`), data };
    case 'postgres':
    case 'postgresql':
      await makeInPostgres(url, name);
      break;
    case 'mysql':
    case 'mariadb':
    case 'tidb':
      await makeInMysql(url, name);
      break;
    default:
    // Made by the store itself.
  }
  return { url: url.replace(/^([^:]+:\/\/[^/?]+)\/?[^?]*/, `$1/${name}`), data };
}

async function makeInPostgres(url: string, name: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
}

async function makeInMysql(url: string, name: string): Promise<void> {
  const { hostname, port, username, password } = new URL(url);
  const connection = await createConnection({
    host: hostname,
    port: Number(port),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
  });
  await connection.query(`CREATE DATABASE ${name}`);
  await connection.end();
}
