import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findFreePort } from '../../temporal/free-port.ts';
import { ensureTools } from '../system/packages.ts';
import { runCommand } from '../system/run-command.ts';
import { makeCertificate } from './certificate.ts';
import { java, mavenJars } from './maven.ts';
import { startProgram, type TestServer } from './server.ts';

const version = '5.0.6';
const keyStore = 'keys.p12';
const storePassword = 'perdure';

/** One node of Cassandra 5.0 on JDK 17 out of its jars, which Maven fetches once into the user's cache. */
export const cassandra: TestServer = {
  name: 'cassandra',
  variable: 'PERDURE_TEST_CASSANDRA_URL',
  async start(folder) {
    await ensureTools([java]);
    const jars = await mavenJars(`cassandra-${version}`, [`org.apache.cassandra:cassandra-all:${version}`]);
    const [port, storagePort] = [await findFreePort(), await findFreePort()];
    const config = join(folder, 'cassandra.yaml');
    await mkdir(join(folder, 'data'));
    const { caFile, certFile, keyFile } = await makeCertificate(folder);
    const exported = [
      'pkcs12',
      '-export',
      '-in',
      certFile,
      '-inkey',
      keyFile,
      '-out',
      join(folder, keyStore),
    ];
    await runCommand('openssl', [...exported, '-passout', `pass:${storePassword}`]);
    await writeFile(config, settings(folder, port, storagePort));
    const heap = ['-Xmx768m', '-Xms256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
    const properties = [
      `cassandra.config=file://${config}`,
      `cassandra.storagedir=${folder}`,
      'cassandra.skip_wait_for_gossip_to_settle=0',
      'cassandra.ring_delay_ms=0',
      'cassandra-foreground=yes',
      'cassandra.superuser_setup_delay_ms=0',
      'jdk.attach.allowAttachSelf=true',
      'io.netty.tryReflectionSetAccessible=true',
    ].map((property) => `-D${property}`);
    const running = await startProgram(
      'java',
      [
        ...heap,
        ...openModules(),
        ...properties,
        '-cp',
        `${jars}/*`,
        'org.apache.cassandra.service.CassandraDaemon',
      ],
      port,
    );
    const url = `cassandra://127.0.0.1:${port}/perdure`;
    // In good order it takes long to end, and its folder goes with it.
    return {
      url,
      tls: { url: url.replace('127.0.0.1', 'localhost'), caFile },
      ...running,
      stop: running.kill,
    };
  },
};

function settings(folder: string, port: number, storagePort: number): string {
  return `cluster_name: perdure
num_tokens: 1
partitioner: org.apache.cassandra.dht.Murmur3Partitioner
listen_address: 127.0.0.1
rpc_address: 127.0.0.1
storage_port: ${storagePort}
native_transport_port: ${port}
start_native_transport: true
endpoint_snitch: SimpleSnitch
seed_provider: [{class_name: org.apache.cassandra.locator.SimpleSeedProvider, parameters: [{seeds: "127.0.0.1:${storagePort}"}]}]
# One node, which tests kill: what it acknowledged has to be on disk.
commitlog_sync: batch
data_file_directories: [${folder}/data]
commitlog_directory: ${folder}/commitlog
saved_caches_directory: ${folder}/caches
hints_directory: ${folder}/hints
cdc_raw_directory: ${folder}/cdc
authenticator: AllowAllAuthenticator
authorizer: AllowAllAuthorizer
role_manager: CassandraRoleManager
# Machines that run tests are busy with other things.
write_request_timeout: 8s
read_request_timeout: 8s
cas_contention_timeout: 8s
# On the port of plain text too.
client_encryption_options:
  enabled: true
  optional: true
  keystore: ${join(folder, keyStore)}
  keystore_password: ${storePassword}
  store_type: PKCS12
memtable_allocation_type: heap_buffers
`;
}

/** What Cassandra reaches into, as its own start script says. */
function openModules(): string[] {
  const opens = [
    'java.base/java.io',
    'java.base/java.lang',
    'java.base/java.lang.module',
    'java.base/java.lang.reflect',
    'java.base/java.net',
    'java.base/java.nio',
    'java.base/java.nio.charset',
    'java.base/java.util',
    'java.base/java.util.concurrent',
    'java.base/java.util.concurrent.atomic',
    'java.base/jdk.internal.loader',
    'java.base/jdk.internal.math',
    'java.base/jdk.internal.module',
    'java.base/jdk.internal.ref',
    'java.base/jdk.internal.reflect',
    'java.base/jdk.internal.util.jar',
    'java.base/sun.nio.ch',
    'java.rmi/sun.rmi.transport.tcp',
    'jdk.management/com.sun.management.internal',
  ];
  const exports = [
    'java.base/java.lang.ref',
    'java.base/jdk.internal.misc',
    'java.base/jdk.internal.perf',
    'java.base/jdk.internal.ref',
    'java.base/sun.nio.ch',
    'java.management.rmi/com.sun.jmx.remote.internal.rmi',
    'java.rmi/sun.rmi.registry',
    'java.rmi/sun.rmi.server',
    'java.sql/java.sql',
    'jdk.attach/sun.tools.attach',
    'jdk.compiler/com.sun.tools.javac.file',
    'jdk.naming.dns/com.sun.jndi.dns',
  ];
  return [
    ...opens.map((name) => `--add-opens=${name}=ALL-UNNAMED`),
    ...exports.map((name) => `--add-exports=${name}=ALL-UNNAMED`),
  ];
}
