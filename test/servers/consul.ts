import { access, cp, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { findFreePort } from '../../temporal/free-port.ts';
import { ensureTools, systemCache } from '../system/packages.ts';
import { runCommand } from '../system/run-command.ts';
import { startProgram, type TestServer } from './server.ts';

const version = 'v1.10.12';
const goModule = 'github.com/hashicorp/consul';

/**
 * One Consul 1.10 server that keeps what it has through restarts of the same folder; built from its Go module once into
 * the user's cache.
 */
export const consul: TestServer = {
  name: 'consul',
  variable: 'PERDURE_TEST_CONSUL_URL',
  async start(folder) {
    const program = await built();
    const [http, rpc, serf] = [await findFreePort(), await findFreePort(), await findFreePort()];
    const address = ['-node=perdure', '-bind=127.0.0.1', '-client=127.0.0.1', '-log-level=warn'];
    const ports = [
      `-http-port=${http}`,
      `-server-port=${rpc}`,
      `-serf-lan-port=${serf}`,
      '-serf-wan-port=-1',
      '-dns-port=-1',
    ];
    const alone = ['-server', '-bootstrap-expect=1', `-data-dir=${join(folder, 'data')}`];
    const fast = ['-hcl=performance { raft_multiplier = 1 }', '-hcl=connect { enabled = false }'];
    const running = await startProgram(program, ['agent', ...alone, ...address, ...ports, ...fast], http);
    const url = `http://127.0.0.1:${http}`;
    await untilItLeads(url);
    return {
      url: url.replace('http:', 'consul:'),
      ...running,
      async start() {
        await running.start();
        await untilItLeads(url);
      },
    };
  },
};

/** A server answers before it may write: that it does once it has made itself the leader. */
async function untilItLeads(url: string): Promise<void> {
  const until = Date.now() + 60_000;
  for (;;) {
    const written = await fetch(`${url}/v1/kv/perdure-test-started`, { method: 'PUT', body: '' }).catch(
      () => undefined,
    );
    if (written?.ok === true) return;
    if (Date.now() > until) throw new Error('Consul has no leader after a minute');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** The path of the program. Needs Go 1.23 or newer the first time, which may fetch itself from 1.21 on. */
async function built(): Promise<string> {
  const folder = join(await systemCache(), `consul-${version}`);
  const program = join(folder, 'consul');
  const isThere = await access(program).then(
    () => true,
    () => false,
  );
  if (isThere) return program;
  await ensureTools([{ program: 'go', package: 'golang-go' }]);
  console.log(`  building Consul ${version} with Go into ${folder}, which takes some minutes`);
  const downloaded = await runCommand('go', ['mod', 'download', '-json', `${goModule}@${version}`], {
    timeoutMs: 300_000,
  });
  const { Dir: source } = JSON.parse(downloaded) as { readonly Dir: string };
  const copy = join(folder, 'source');
  await rm(copy, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await cp(source, copy, { recursive: true });
  await runCommand('chmod', ['-R', 'u+w', copy]);
  const env = { GOFLAGS: '-mod=mod', CGO_ENABLED: '0' };
  // Two modules of its own lie beside it in its repository and not in its archive: released ones stand in.
  const edits = [
    `-dropreplace=${goModule}/api`,
    `-dropreplace=${goModule}/sdk`,
    `-require=${goModule}/api@v1.14.0`,
    `-require=${goModule}/sdk@v0.10.0`,
  ];
  await runCommand('go', ['mod', 'edit', ...edits], { cwd: copy });
  // It reaches into Go's own packages, which Go has to be told to allow.
  const build = ['build', '-p', '2', '-ldflags', '-s -w -checklinkname=0', '-o', `${program}.part`, '.'];
  await runCommand('go', build, { cwd: copy, env, timeoutMs: 1_200_000 });
  await rename(`${program}.part`, program);
  await rm(copy, { recursive: true, force: true });
  return program;
}
