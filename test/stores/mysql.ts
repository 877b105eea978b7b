/** The conformance suite against whatever speaks MySQL's protocol. */
import { randomUUID } from 'node:crypto';
import { createConnection } from 'mysql2/promise';
import { serverControl } from '../servers/control.ts';
import { storeConformance } from '../../backends/store/conformance.ts';
import type { Place } from '../../backends/store/conformance.ts';

/** Declares the suite for the server that the variable names. */
export function mysqlConformance(name: string, variable: string): void {
  const url = process.env[variable] ?? '';
  storeConformance(name, {
    place: () => ({ url, data: '' }),
    fresh: () => freshPlace(url),
    server: serverControl(),
  });
}

async function freshPlace(url: string): Promise<Place> {
  const database = `perdure_${randomUUID().slice(0, 8)}`;
  const { hostname, port, username, password } = new URL(url);
  const options = { host: hostname, port: Number(port), user: username, password };
  const connection = await createConnection(options);
  await connection.query(`CREATE DATABASE ${database}`);
  await connection.end();
  const fresh = new URL(url);
  fresh.pathname = `/${database}`;
  return { url: fresh.href, data: '' };
}
