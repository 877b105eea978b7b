import { createConnection } from 'mysql2/promise';
import { limitedUserConformance } from '../../test/stores/limited-user.ts';
import { serverStore } from '../../test/stores/server-store.ts';
import { storeConformance } from './conformance.ts';

const mariadb = serverStore('PERDURE_TEST_MARIADB_URL');

storeConformance('mariadb', mariadb);

limitedUserConformance('MariaDB', async () => {
  const place = await mariadb.fresh();
  const { hostname, port, username, password, pathname } = new URL(place.url);
  const [user, database] = [`limited_${crypto.randomUUID().slice(0, 8)}`, pathname.slice(1)];
  const asked = async (...statements: readonly string[]): Promise<void> => {
    const [host, admin] = [hostname, { user: username, password: decodeURIComponent(password) }];
    const connection = await createConnection({ host, port: Number(port), ...admin });
    for (const statement of statements) await connection.query(statement);
    await connection.end();
  };
  await asked(`CREATE USER ${user} IDENTIFIED BY 'limited'`, `GRANT SELECT ON ${database}.* TO ${user}`);
  const url = new URL(place.url);
  [url.username, url.password] = [user, 'limited'];
  return {
    place,
    url: url.href,
    grant: () => asked(`GRANT INSERT, UPDATE, DELETE ON ${database}.perdure_documents TO ${user}`),
  };
});

// TiDB is not to be had from the package registries: its own scheme is tried on what has the same protocol.
storeConformance('tidb: on MariaDB', {
  place: () => ({ ...mariadb.place(), url: underTidb(mariadb.place().url) }),
  async fresh() {
    const { url, data } = await mariadb.fresh();
    return { url: underTidb(url), data };
  },
});

function underTidb(url: string): string {
  return url.replace(/^\w+:/, 'tidb:');
}
