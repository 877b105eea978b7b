import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findFreePort } from '../../temporal/free-port.ts';
import { ensureTools } from '../system/packages.ts';
import { runCommand } from '../system/run-command.ts';
import { java as javaTool, mavenJars } from './maven.ts';
import { startProgram, type TestServer } from './server.ts';

const version = '4.1.2';
const artifacts = [`org.apache.kafka:kafka_2.13:${version}`, 'org.slf4j:slf4j-simple:1.7.36'];

/** One node of Kafka 4.1 in KRaft mode out of its jars, which Maven fetches once into the user's cache. */
export const kafka: TestServer = {
  name: 'kafka',
  variable: 'PERDURE_TEST_KAFKA_URL',
  async start(folder) {
    await ensureTools([javaTool]);
    const classPath = `${await mavenJars(`kafka-${version}`, artifacts)}/*`;
    const [port, controllerPort] = [await findFreePort(), await findFreePort()];
    const config = join(folder, 'server.properties');
    await writeFile(config, properties(port, controllerPort, join(folder, 'logs')));
    const java = ['-Xmx384m', '-Xms128m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-cp', classPath];
    await runCommand('java', [...java, 'kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', config], {
      timeoutMs: 60_000,
    });
    const quiet = '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn';
    const { stop } = await startProgram('java', [quiet, ...java, 'kafka.Kafka', config], port);
    return { url: `kafka://127.0.0.1:${port}`, stop };
  },
};

// Any 16 bytes in base64.
const clusterId = 'cGVyZHVyZS10ZXN0cy0wMQ';

function properties(port: number, controllerPort: number, logs: string): string {
  return `process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:${controllerPort}
listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}
advertised.listeners=PLAINTEXT://127.0.0.1:${port}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
log.dirs=${logs}
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
group.initial.rebalance.delay.ms=0
num.partitions=3
`;
}
