import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ferretdb } from './ferretdb.ts';
import { postgres } from './postgres.ts';
import type { RunningServer, TestServer } from './server.ts';

/** PostgreSQL and FerretDB at once, for a workflow that writes to both. The URL is those of the two, with a space between. */
export const orderDatabases: TestServer = {
  name: 'order-databases',
  variable: 'PERDURE_TEST_ORDER_DATABASES_URL',
  async start(folder) {
    // PostgreSQL may run as another user, who has to get through.
    await chmod(folder, 0o711);
    const sql = await obtain(postgres, join(folder, 'sql'));
    try {
      const documents = await obtain(ferretdb, join(folder, 'documents'));
      return {
        url: `${sql.url} ${documents.url}`,
        async stop() {
          await documents.stop();
          await sql.stop();
        },
      };
    } catch (error) {
      await sql.stop();
      throw error;
    }
  },
};

async function obtain(server: TestServer, folder: string): Promise<RunningServer> {
  const url = process.env[server.variable];
  if (url !== undefined) return { url, stop: () => Promise.resolve() };
  await mkdir(folder, { mode: 0o711 });
  return await server.start(folder);
}
