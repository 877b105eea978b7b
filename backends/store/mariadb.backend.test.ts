import { serverStore } from '../../test/stores/server-store.ts';
import { storeConformance } from './conformance.ts';

storeConformance('mariadb', serverStore('PERDURE_TEST_MARIADB_URL'));

// TiDB is not to be had from the package registries: its own scheme is tried on what has the same protocol.
const mariadb = serverStore('PERDURE_TEST_MARIADB_URL');

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
