import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { serverControl } from '../../test/servers/control.ts';
import { storeConformance } from './conformance.ts';
import type { Place } from './conformance.ts';

const url = process.env.PERDURE_TEST_POSTGRES_URL ?? '';

storeConformance('postgres', {
  place: () => ({ url, data: '' }),
  fresh: freshPlace,
  server: serverControl(),
});

async function freshPlace(): Promise<Place> {
  const name = `perdure_${randomUUID().slice(0, 8)}`;
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  return { url: databaseIn(url, name), data: '' };
}

/** The URL of another database on the same server. */
function databaseIn(url: string, name: string): string {
  const other = new URL(url);
  other.pathname = `/${name}`;
  return other.href;
}
