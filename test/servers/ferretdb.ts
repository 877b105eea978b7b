import { access, cp, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findFreePort } from '../../temporal/free-port.ts';
import { ensureTools, systemCache } from '../system/packages.ts';
import { runCommand } from '../system/run-command.ts';
import { makeCertificate } from './certificate.ts';
import { startProgram, type TestServer } from './server.ts';

const version = 'v1.24.2';
const goModule = 'github.com/FerretDB/FerretDB';

/** FerretDB 1.24 on SQLite, which speaks MongoDB's protocol; built from its Go module once into the user's cache. */
export const ferretdb: TestServer = {
  name: 'ferretdb',
  variable: 'PERDURE_TEST_FERRETDB_URL',
  async start(folder) {
    const program = await built();
    const [port, tlsPort] = [await findFreePort(), await findFreePort()];
    const { caFile, certFile, keyFile } = await makeCertificate(folder);
    const data = join(folder, 'data');
    await mkdir(data);
    const listening = [`--listen-addr=127.0.0.1:${port}`, '--debug-addr=-'];
    const tls = [
      `--listen-tls=127.0.0.1:${tlsPort}`,
      `--listen-tls-cert-file=${certFile}`,
      `--listen-tls-key-file=${keyFile}`,
    ];
    const keeping = ['--handler=sqlite', `--sqlite-url=file:${data}/`, `--state-dir=${folder}`];
    const quiet = ['--telemetry=disable', '--log-level=error'];
    const running = await startProgram(program, [...listening, ...tls, ...keeping, ...quiet], port);
    return {
      url: `mongodb://127.0.0.1:${port}/perdure`,
      tls: { url: `mongodb://localhost:${tlsPort}/perdure`, caFile },
      ...running,
    };
  },
};

/** The path of the program. Needs Go 1.24 or newer the first time, which may fetch itself from 1.21 on. */
async function built(): Promise<string> {
  const folder = join(await systemCache(), `ferretdb-${version}`);
  const program = join(folder, 'ferretdb');
  const isThere = await access(program).then(
    () => true,
    () => false,
  );
  if (isThere) return program;
  await ensureTools([{ program: 'go', package: 'golang-go' }]);
  console.log(`  building FerretDB ${version} with Go into ${folder}`);
  const downloaded = await runCommand('go', ['mod', 'download', '-json', `${goModule}@${version}`], {
    timeoutMs: 300_000,
  });
  const { Dir: source } = JSON.parse(downloaded) as { readonly Dir: string };
  // A copy: it wants its version in a file, and Go's own folder is read-only.
  const copy = join(folder, 'source');
  await rm(copy, { recursive: true, force: true });
  await cp(source, copy, { recursive: true });
  await runCommand('chmod', ['-R', 'u+w', copy]);
  await writeFile(join(copy, 'build/version/version.txt'), version);
  await runCommand('go', ['build', '-o', `${program}.part`, './cmd/ferretdb'], {
    cwd: copy,
    timeoutMs: 900_000,
  });
  await rename(`${program}.part`, program);
  await rm(copy, { recursive: true, force: true });
  return program;
}
