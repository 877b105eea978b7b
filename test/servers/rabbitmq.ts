import { chmod, chown, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findFreePort } from '../../temporal/free-port.ts';
import { ensureTools } from '../system/packages.ts';
import { runCommand } from '../system/run-command.ts';
import { startProgram, type TestServer } from './server.ts';
import { insteadOfRoot } from './user.ts';

const programs = '/usr/lib/rabbitmq/bin';

/**
 * RabbitMQ 3.10 or newer; Debian's package. Everything it touches is in the folder, its Erlang port mapper included, so
 * that it meets no other broker of the machine. Started by root it runs as the package's user.
 */
export const rabbitmq: TestServer = {
  name: 'rabbitmq',
  variable: 'PERDURE_TEST_RABBITMQ_URL',
  async start(folder) {
    await ensureTools([{ program: 'rabbitmq-server', package: 'rabbitmq-server' }]);
    const [port, distributionPort, mapperPort] = [
      await findFreePort(),
      await findFreePort(),
      await findFreePort(),
    ];
    const owner = await insteadOfRoot('rabbitmq');
    const data = join(folder, 'rabbitmq');
    await mkdir(data, { recursive: true });
    await writeFile(join(data, 'plugins'), '[].');
    await writeFile(join(data, 'rabbitmq.conf'), 'loopback_users = none\n');
    if (owner.uid !== undefined && owner.gid !== undefined) {
      await chmod(folder, 0o711);
      for (const path of [data, join(data, 'plugins'), join(data, 'rabbitmq.conf')]) {
        await chown(path, owner.uid, owner.gid);
      }
    }
    const env = {
      HOME: data,
      RABBITMQ_NODENAME: `perdure-${port}@localhost`,
      RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
      RABBITMQ_NODE_PORT: String(port),
      RABBITMQ_DIST_PORT: String(distributionPort),
      ERL_EPMD_PORT: String(mapperPort),
      ERL_EPMD_ADDRESS: '127.0.0.1',
      RABBITMQ_MNESIA_BASE: join(data, 'mnesia'),
      RABBITMQ_LOG_BASE: join(data, 'log'),
      RABBITMQ_PID_FILE: join(data, 'pid'),
      RABBITMQ_ENABLED_PLUGINS_FILE: join(data, 'plugins'),
      RABBITMQ_CONFIG_FILE: join(data, 'rabbitmq'),
      RABBITMQ_CONF_ENV_FILE: '/dev/null',
      RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1} +sbwt none +S 2:2',
    };
    const options = { env, cwd: data, ...owner };
    const program = await startProgram(join(programs, 'rabbitmq-server'), [], port, options);
    return {
      url: `amqp://127.0.0.1:${port}`,
      ...program,
      stop: async () => {
        await program.stop();
        // The port mapper is a daemon: it outlives the broker that started it.
        await runCommand('epmd', ['-kill'], { env }).catch(() => undefined);
      },
    };
  },
};
