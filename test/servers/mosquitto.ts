import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findFreePort } from '../../temporal/free-port.ts';
import { ensureTools, pathOf } from '../system/packages.ts';
import { startProgram, type TestServer } from './server.ts';

const tool = { program: 'mosquitto', package: 'mosquitto' };

/** Mosquitto 2, for MQTT 3.1.1 and 5; Debian's package. */
export const mosquitto: TestServer = {
  name: 'mqtt',
  variable: 'PERDURE_TEST_MQTT_URL',
  async start(folder) {
    await ensureTools([tool]);
    const port = await findFreePort();
    const config = join(folder, 'mosquitto.conf');
    await writeFile(config, `listener ${port} 127.0.0.1\nallow_anonymous true\n`);
    const running = await startProgram((await pathOf(tool.program)) ?? tool.program, ['-c', config], port);
    return { url: `mqtt://127.0.0.1:${port}`, ...running };
  },
};
