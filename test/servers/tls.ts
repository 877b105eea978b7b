/** Tells the tests of one process where a server that another process runs takes TLS. */
import type { RunningServer, ServerTls } from './server.ts';

const [urlVariable, caVariable] = ['PERDURE_TEST_SERVER_TLS_URL', 'PERDURE_TEST_SERVER_TLS_CA'] as const;

/** For the environment of the process of the tests; empty where the server takes none. */
export function tlsEnvironment({ tls }: RunningServer): NodeJS.ProcessEnv {
  return tls === undefined ? {} : { [urlVariable]: tls.url, [caVariable]: tls.caFile };
}

/** Undefined where the server takes no TLS, or was not started here. */
export function serverTls(): ServerTls | undefined {
  const { [urlVariable]: url, [caVariable]: caFile } = process.env;
  return url === undefined || caFile === undefined ? undefined : { url, caFile };
}
