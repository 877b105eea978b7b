import { chmod, chown, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { findFreePort } from '../../temporal/free-port.ts';
import { ensureTools } from '../system/packages.ts';
import { runCommand } from '../system/run-command.ts';
import { makeCertificate } from './certificate.ts';
import { startProgram, type TestServer } from './server.ts';
import { insteadOfRoot } from './user.ts';

/** PostgreSQL 12 or newer; Debian's package. Started by root it runs as the package's user. */
export const postgres: TestServer = {
  name: 'postgres',
  variable: 'PERDURE_TEST_POSTGRES_URL',
  async start(folder) {
    const programs = (await programsFolder()) ?? (await installed());
    const owner = await insteadOfRoot('postgres');
    const data = join(folder, 'data');
    await mkdir(data, { mode: 0o700 });
    if (owner.uid !== undefined && owner.gid !== undefined) {
      await chmod(folder, 0o711);
      await chown(data, owner.uid, owner.gid);
    }
    const options = { ...owner, cwd: data };
    const create = ['-D', data, '--auth=trust', '--username=perdure', '--encoding=UTF8', '--no-sync'];
    await runCommand(join(programs, 'initdb'), create, options);
    const port = await findFreePort();
    const url = `postgres://perdure@127.0.0.1:${port}/postgres`;
    const { caFile, certFile, keyFile } = await makeCertificate(folder, owner);
    const tls = { ssl: 'on', ssl_cert_file: certFile, ssl_key_file: keyFile };
    // Kept on disk at each commit, as in production: tests kill it.
    const args = ['-D', data, '-p', String(port), '-c', 'listen_addresses=127.0.0.1'];
    const program = await startProgram(
      join(programs, 'postgres'),
      [
        ...args,
        ...Object.entries({ unix_socket_directories: data, ...tls }).flatMap(([name, value]) => [
          '-c',
          `${name}=${value}`,
        ]),
      ],
      port,
      { ...options, isReady: () => answers(url) },
    );
    return { url, tls: { url: url.replace('127.0.0.1', 'localhost'), caFile }, ...program };
  },
};

/** It accepts connections before, while it brings its files into order. */
async function answers(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url });
  // What ends a connection also fails what is asked on it.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}

/** Where Debian has the programs of its newest version: they are not on PATH. */
async function programsFolder(): Promise<string | undefined> {
  const root = '/usr/lib/postgresql';
  const versions = await readdir(root).catch((): string[] => []);
  const newest = versions.toSorted((left, right) => Number(right) - Number(left))[0];
  return newest === undefined ? undefined : join(root, newest, 'bin');
}

async function installed(): Promise<string> {
  await ensureTools([{ program: 'pg_createcluster', package: 'postgresql' }]);
  const folder = await programsFolder();
  if (folder === undefined) throw new Error('PostgreSQL is not where Debian puts it');
  return folder;
}
