/**
 * A program of its own: lets the Temporal SDK download one of its servers into a folder. The SDK offers its download
 * only together with a start of the server, and it can be stopped only with its process.
 *
 * node temporal/sdk-download.ts dev-server|time-skipping VERSION FOLDER
 */
import { Runtime } from '@temporalio/worker';

const [type, version = '', folder = ''] = process.argv.slice(2);

const exe = {
  type: 'cached-download',
  downloadDir: folder,
  version: `v${version}`,
  ttl: 24 * 60 * 60 * 1000,
  sdkName: 'sdk-typescript',
  sdkVersion: '',
} as const;

const runtime = Runtime.instance();
try {
  const server = await runtime.createEphemeralServer(
    type === 'time-skipping'
      ? { type, exe, port: null, extraArgs: [] }
      : {
          type: 'dev-server',
          exe,
          ip: '127.0.0.1',
          port: null,
          uiPort: null,
          ui: false,
          namespace: 'default',
          dbFilename: null,
          log: { format: 'pretty', level: 'error' },
          extraArgs: [],
        },
  );
  await runtime.shutdownEphemeralServer(server);
} catch (error) {
  process.stderr.write(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
