import { Client } from 'pg';
import { limitedUserConformance } from '../../test/stores/limited-user.ts';
import { serverStore } from '../../test/stores/server-store.ts';
import { storeConformance } from './conformance.ts';

const postgres = serverStore('PERDURE_TEST_POSTGRES_URL');

storeConformance('postgres', postgres);

limitedUserConformance('PostgreSQL', async () => {
  const place = await postgres.fresh();
  const user = `limited_${crypto.randomUUID().slice(0, 8)}`;
  const asked = async (statements: string): Promise<void> => {
    const admin = new Client({ connectionString: place.url });
    await admin.connect();
    await admin.query(statements);
    await admin.end();
  };
  // Every user had the right before PostgreSQL 15.
  await asked(`CREATE ROLE ${user} LOGIN PASSWORD 'limited'; REVOKE CREATE ON SCHEMA public FROM PUBLIC`);
  const url = new URL(place.url);
  [url.username, url.password] = [user, 'limited'];
  return {
    place,
    url: url.href,
    grant: () =>
      asked(`
        GRANT SELECT, INSERT, UPDATE, DELETE ON perdure_documents TO ${user};
        GRANT SELECT ON perdure_migrations TO ${user}`),
  };
});
