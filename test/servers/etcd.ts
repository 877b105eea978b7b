import { join } from 'node:path';
import { findFreePort } from '../../temporal/free-port.ts';
import { ensureTools } from '../system/packages.ts';
import { startProgram, type TestServer } from './server.ts';

/** One etcd 3.4 or newer; Debian's package. Keeps what it has through restarts of the same folder. */
export const etcd: TestServer = {
  name: 'etcd',
  variable: 'PERDURE_TEST_ETCD_URL',
  async start(folder) {
    await ensureTools([{ program: 'etcd', package: 'etcd-server' }]);
    const [port, peerPort] = [await findFreePort(), await findFreePort()];
    const [client, peer] = [`http://127.0.0.1:${port}`, `http://127.0.0.1:${peerPort}`];
    const listening = [`--listen-client-urls=${client}`, `--advertise-client-urls=${client}`];
    const peers = [`--listen-peer-urls=${peer}`, `--initial-advertise-peer-urls=${peer}`];
    const alone = [
      '--name=perdure',
      `--initial-cluster=perdure=${peer}`,
      `--data-dir=${join(folder, 'data')}`,
    ];
    const args = [...listening, ...peers, ...alone, '--log-level=warn'];
    const running = await startProgram('etcd', args, port);
    return { url: `etcd://127.0.0.1:${port}`, ...running };
  },
};
