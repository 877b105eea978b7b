import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findFreePort } from '../../temporal/free-port.ts';
import { ensureTools, pathOf } from '../system/packages.ts';
import { startProgram, type TestServer } from './server.ts';

const tool = { program: 'nats-server', package: 'nats-server' };

/** The path of the server's program, which is installed where it is missing. */
export async function natsProgram(): Promise<string> {
  await ensureTools([tool]);
  return (await pathOf(tool.program)) ?? tool.program;
}

/** NATS 2.9 or newer with JetStream, whose data outlives a kill; Debian's package. */
export const nats: TestServer = {
  name: 'nats',
  variable: 'PERDURE_TEST_NATS_URL',
  async start(folder) {
    const port = await findFreePort();
    const config = join(folder, 'nats.conf');
    // Without this, messages end at 1 MiB, headers included.
    await writeFile(config, 'max_payload: 8MB\n');
    const args = [
      '-c',
      config,
      '-a',
      '127.0.0.1',
      '-p',
      String(port),
      '-js',
      '-sd',
      join(folder, 'jetstream'),
    ];
    const running = await startProgram(await natsProgram(), args, port);
    return { url: `nats://127.0.0.1:${port}`, ...running };
  },
};
