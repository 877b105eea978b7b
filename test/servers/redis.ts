import { findFreePort } from '../../temporal/free-port.ts';
import { ensureTools } from '../system/packages.ts';
import { startProgram, type TestServer } from './server.ts';

/** Redis 6.2 or newer; Debian's package. Keeps what it has through restarts of the same folder. */
export const redis: TestServer = {
  name: 'redis',
  variable: 'PERDURE_TEST_REDIS_URL',
  async start(folder) {
    await ensureTools([{ program: 'redis-server', package: 'redis-server' }]);
    const port = await findFreePort();
    const options = [
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--dir',
      folder,
      '--save',
      '',
      '--appendonly',
      'yes',
    ];
    const program = await startProgram('redis-server', options, port);
    return { url: `redis://127.0.0.1:${port}`, ...program };
  },
};
