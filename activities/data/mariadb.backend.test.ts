import { freshPlace } from '../../test/stores/fresh-place.ts';
import { bindingsConformance } from './bindings-conformance.ts';

bindingsConformance('MariaDB', {
  url: async () => (await freshPlace(process.env.PERDURE_TEST_MARIADB_URL ?? '')).url,
  sql: {
    slow: 'SELECT SLEEP(120)',
    prepare: ['CREATE SEQUENCE counter'],
    disguised: 'SELECT NEXT VALUE FOR counter AS n',
    insert: 'INSERT INTO numbers (n) VALUES (?)',
  },
});
