import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findFreePort } from '../../temporal/free-port.ts';
import { ensureTools } from '../system/packages.ts';
import { java as javaTool, mavenJars } from './maven.ts';
import { startProgram, type TestServer } from './server.ts';

const version = '2.6.3';
const artifacts = [`org.apache.hbase:hbase-server:${version}`];

/**
 * HBase 2.6 standalone: master, two region servers and ZooKeeper in one process, out of their jars. Rows that it has
 * acknowledged survive that the process is killed.
 */
export const hbase: TestServer = {
  name: 'hbase',
  variable: 'PERDURE_TEST_HBASE_URL',
  async start(folder) {
    await ensureTools([javaTool]);
    const jars = await mavenJars(`hbase-${version}`, artifacts);
    const [master, zookeeper] = [await findFreePort(), await findFreePort()];
    const config = join(folder, 'conf');
    await mkdir(config);
    await writeFile(join(config, 'hbase-site.xml'), site(folder, master, zookeeper));
    await writeFile(join(config, 'log4j.properties'), warnings);
    const java = [
      '-Xmx512m',
      '-XX:+UseSerialGC',
      '-XX:TieredStopAtLevel=1',
      '-Djava.net.preferIPv4Stack=true',
    ];
    const classPath = ['-cp', `${config}:${jars}/*`];
    const args = [...java, ...opened, ...classPath, 'org.apache.hadoop.hbase.master.HMaster', 'start'];
    const program = await startProgram('java', args, master, { cwd: folder });
    const url = `hbase://127.0.0.1:${master}/default?table=perdure`;
    // In good order it takes long to end, and its folder goes with it.
    return { url, ...program, stop: program.kill };
  },
};

/** What HBase's own scripts tell Java 17. */
const opened = [
  '--add-opens=java.base/java.nio=ALL-UNNAMED',
  '--add-opens=java.base/java.lang=ALL-UNNAMED',
  '--add-opens=java.base/java.lang.reflect=ALL-UNNAMED',
  '--add-opens=java.base/sun.nio.ch=ALL-UNNAMED',
  '--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED',
  '--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED',
  '-Dio.netty.tryReflectionSetAccessible=true',
];

const warnings = `log4j.rootLogger=WARN, console
log4j.appender.console=org.apache.log4j.ConsoleAppender
log4j.appender.console.layout=org.apache.log4j.PatternLayout
log4j.appender.console.layout.ConversionPattern=%p %c{1} %m%n
`;

function site(folder: string, master: number, zookeeper: number): string {
  const properties = {
    'hbase.rootdir': `file://${folder}/root`,
    'hbase.tmp.dir': `${folder}/tmp`,
    'hbase.cluster.distributed': false,
    // A file of the log is handed to the system with each write: Hadoop's usual local files keep the last 512 bytes back.
    'fs.file.impl': 'org.apache.hadoop.fs.RawLocalFileSystem',
    'hbase.wal.provider': 'filesystem',
    'hbase.unsafe.stream.capability.enforce': false,
    'hbase.defaults.for.version.skip': true,
    // After a crash, servers of before are given up when their sessions end.
    'zookeeper.session.timeout': 10_000,
    'hbase.zookeeper.quorum': '127.0.0.1',
    'hbase.zookeeper.property.clientPort': zookeeper,
    'hbase.zookeeper.property.dataDir': `${folder}/zookeeper`,
    'hbase.master.port': master,
    'hbase.master.ipc.address': '127.0.0.1',
    'hbase.unsafe.master.hostname': '127.0.0.1',
    'hbase.master.info.port': -1,
    // Two, so that tests can move regions between them; each takes a free port.
    'hbase.regionservers': 2,
    'hbase.regionserver.port': 0,
    'hbase.regionserver.ipc.address': '127.0.0.1',
    'hbase.unsafe.regionserver.hostname': '127.0.0.1',
    'hbase.regionserver.info.port': -1,
  };
  const lines = Object.entries(properties).map(
    ([name, value]) => `<property><name>${name}</name><value>${value}</value></property>`,
  );
  return `<configuration>\n${lines.join('\n')}\n</configuration>\n`;
}
