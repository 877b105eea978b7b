import { access, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findFreePort } from '../../temporal/free-port.ts';
import { ensureTools, systemCache } from '../system/packages.ts';
import { runCommand } from '../system/run-command.ts';
import { startProgram, type TestServer } from './server.ts';

const version = '4.1.2';
const tools = [
  { program: 'java', package: 'openjdk-17-jre-headless' },
  { program: 'mvn', package: 'maven' },
];

/** One node of Kafka 4.1 in KRaft mode out of its jars, which Maven fetches once into the user's cache. */
export const kafka: TestServer = {
  name: 'kafka',
  variable: 'PERDURE_TEST_KAFKA_URL',
  async start(folder) {
    await ensureTools(tools);
    const classPath = `${await jars()}/*`;
    const [port, controllerPort] = [await findFreePort(), await findFreePort()];
    const config = join(folder, 'server.properties');
    await writeFile(config, properties(port, controllerPort, join(folder, 'logs')));
    const java = ['-Xmx384m', '-Xms128m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-cp', classPath];
    await runCommand('java', [...java, 'kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', config], {
      timeoutMs: 60_000,
    });
    const quiet = '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn';
    const program = await startProgram('java', [quiet, ...java, 'kafka.Kafka', config], port);
    return { url: `kafka://127.0.0.1:${port}`, ...program };
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

async function jars(): Promise<string> {
  const folder = join(await systemCache(), `kafka-${version}`);
  const complete = join(folder, 'complete');
  const isThere = await access(complete).then(
    () => true,
    () => false,
  );
  if (isThere) return folder;
  console.log(`  fetching Kafka ${version} with Maven into ${folder}`);
  await mkdir(folder, { recursive: true });
  const pom = join(folder, 'pom.xml');
  await writeFile(
    pom,
    `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>perdure.test</groupId><artifactId>kafka</artifactId><version>1</version><dependencies>
<dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>${version}</version></dependency>
<dependency><groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>1.7.36</version></dependency>
</dependencies></project>
`,
  );
  const args = ['-q', '-B', 'dependency:copy-dependencies', '-f', pom, `-DoutputDirectory=${folder}`];
  await runCommand('mvn', args, { timeoutMs: 400_000 });
  await writeFile(complete, '');
  return folder;
}
