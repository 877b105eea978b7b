import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findFreePort } from '../../temporal/free-port.ts';
import { ensureTools } from '../system/packages.ts';
import { java, mavenJars } from './maven.ts';
import { startProgram, type TestServer } from './server.ts';

const version = '3.9.5';
// The last two are its server's own, and left out of what its clients need.
const artifacts = [
  `org.apache.zookeeper:zookeeper:${version}`,
  'io.dropwizard.metrics:metrics-core:4.1.12.1',
  'org.xerial.snappy:snappy-java:1.1.10.5',
];

/**
 * One ZooKeeper 3.9 out of its jars, which Maven fetches once into the user's cache. Keeps what it has through restarts
 * of the same folder. Sessions can be as short as a second.
 */
export const zookeeper: TestServer = {
  name: 'zookeeper',
  variable: 'PERDURE_TEST_ZOOKEEPER_URL',
  async start(folder) {
    await ensureTools([java]);
    const jars = await mavenJars(`zookeeper-${version}`, artifacts);
    const port = await findFreePort();
    const [config, data] = [join(folder, 'zoo.cfg'), join(folder, 'data')];
    await mkdir(data);
    await writeFile(config, properties(port, data));
    const options = ['-Xmx128m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-cp', `${jars}/*`];
    const quiet = ['-Djava.net.preferIPv4Stack=true', '-Dzookeeper.jmx.log4j.disable=true'];
    const main = 'org.apache.zookeeper.server.quorum.QuorumPeerMain';
    const running = await startProgram('java', [...options, ...quiet, main, config], port, { cwd: folder });
    return { url: `zookeeper://127.0.0.1:${port}`, ...running };
  },
};

// Sessions last from 2 to 20 ticks.
function properties(port: number, data: string): string {
  return `tickTime=500
dataDir=${data}
clientPort=${port}
clientPortAddress=127.0.0.1
maxClientCnxns=0
admin.enableServer=false
`;
}
