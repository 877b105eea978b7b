import { freshPlace } from '../../test/stores/fresh-place.ts';
import { bindingsConformance } from './bindings-conformance.ts';

bindingsConformance('PostgreSQL', {
  url: async () => (await freshPlace(process.env.PERDURE_TEST_POSTGRES_URL ?? '')).url,
  sql: {
    slow: 'SELECT pg_sleep(120)',
    prepare: [],
    disguised: 'WITH sneaked AS (INSERT INTO numbers (n) VALUES (2) RETURNING n) SELECT n FROM sneaked',
    insert: 'INSERT INTO numbers (n) VALUES ($1)',
  },
});
