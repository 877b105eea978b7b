import { chmod, chown, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { findFreePort } from '../../temporal/free-port.ts';
import { ensureTools, pathOf } from '../system/packages.ts';
import { runCommand } from '../system/run-command.ts';
import { makeCertificate } from './certificate.ts';
import { startProgram, type TestServer } from './server.ts';
import { insteadOfRoot } from './user.ts';

const tool = { program: 'mariadbd', package: 'mariadb-server' };

/** MariaDB 10.3 or newer; Debian's package. Started by root it runs as the package's user. */
export const mariadb: TestServer = {
  name: 'mariadb',
  variable: 'PERDURE_TEST_MARIADB_URL',
  async start(folder) {
    await ensureTools([tool]);
    const owner = await insteadOfRoot('mysql');
    const data = join(folder, 'data');
    await mkdir(data, { mode: 0o700 });
    if (owner.uid !== undefined && owner.gid !== undefined) {
      await chmod(folder, 0o711);
      await chown(data, owner.uid, owner.gid);
    }
    const port = await findFreePort();
    const create = ['--no-defaults', `--datadir=${data}`, '--auth-root-authentication-method=normal'];
    await runCommand('mariadb-install-db', create, { ...owner, cwd: data });
    const paths = [
      `--datadir=${data}`,
      `--socket=${join(data, 'socket')}`,
      `--pid-file=${join(data, 'pid')}`,
    ];
    const { caFile, certFile, keyFile } = await makeCertificate(folder, owner);
    const tls = [`--ssl-cert=${certFile}`, `--ssl-key=${keyFile}`];
    // Users of `localhost`, of which one is anybody, are not those who come from its address.
    const program = await startProgram(
      (await pathOf(tool.program)) ?? tool.program,
      [
        '--no-defaults',
        ...paths,
        ...tls,
        '--skip-name-resolve',
        '--bind-address=127.0.0.1',
        `--port=${port}`,
      ],
      port,
      { ...owner, cwd: data },
    );
    const url = `mariadb://root@127.0.0.1:${port}/test`;
    return { url, tls: { url: url.replace('127.0.0.1', 'localhost'), caFile }, ...program };
  },
};
