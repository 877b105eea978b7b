import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Targets } from './attempts.ts';

const fileSecret = 'canary-in-a-file';
const environmentSecret = 'canary-in-the-environment';
const outputFlood = 4_000_000;

/** Stands for what the worker's machine has: files, processes, services. Tells what an attempt has got of it. */
export interface Canaries {
  readonly targets: Targets;
  /** What a worker's environment would hold. */
  readonly environment: Readonly<Record<string, string>>;
  /** What was breached since the last call, in words; `printed` is what the attempt printed. */
  breaches(printed: string): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Sets the canaries out, on 127.0.0.1 and in a folder of their own. */
export async function setOutCanaries(): Promise<Canaries> {
  const folder = await mkdtemp(join(tmpdir(), 'perdure-canaries-'));
  await chmod(folder, 0o777);
  const secretFile = join(folder, 'secret');
  await writeFile(secretFile, fileSecret, { mode: 0o644 });
  const socket = join(folder, 'socket');
  let visits = 0;
  const visited = (): void => {
    visits += 1;
  };
  const tcp = createServer((connection) => connection.destroy()).on('connection', visited);
  await once(tcp.listen(0, '127.0.0.1'), 'listening');
  const { port } = tcp.address() as AddressInfo;
  const udp = createSocket('udp4').on('message', visited);
  udp.bind(port, '127.0.0.1');
  await once(udp, 'listening');
  const unix = createServer((connection) => connection.destroy()).on('connection', visited);
  await once(unix.listen(socket), 'listening');
  await chmod(socket, 0o777);

  const environment = { CANARY: environmentSecret };
  const marker = `perdure-survivor-${process.pid}`;
  const sleep = (): ReturnType<typeof spawn> =>
    spawn('sh', ['-c', `sleep 600; : ${fileSecret}`], {
      detached: true,
      stdio: 'ignore',
      env: { ...process.env, ...environment },
    });
  let victim = sleep();
  const keeper = sleep();
  await Promise.all([once(victim, 'spawn'), once(keeper, 'spawn')]);

  const survivors = async (): Promise<number[]> => {
    const found: number[] = [];
    for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      if (command.includes(marker) && command.startsWith('sh')) found.push(Number(pid));
    }
    return found;
  };

  return {
    get targets() {
      return {
        secretFile,
        openFolder: folder,
        port,
        socket,
        victim: victim.pid ?? 0,
        keeper: keeper.pid ?? 0,
        marker,
      };
    },
    environment,
    async breaches(printed) {
      // What left by the network is on its way.
      await new Promise((resolve) => setTimeout(resolve, 100));
      const written = join(folder, 'written');
      const left = await survivors();
      const found = {
        'read a file': printed.includes(fileSecret),
        'read the environment': printed.includes(environmentSecret),
        'said that it won': printed.includes('WON'),
        'flooded its output': printed.length > outputFlood,
        'reached a server': visits > 0,
        'wrote a file': (await readdir(folder)).includes('written'),
        'killed a process': victim.exitCode !== null || victim.signalCode !== null,
        'left a process behind': left.length > 0,
      };
      visits = 0;
      await rm(written, { force: true });
      for (const pid of left) endGroup(pid);
      if (found['killed a process']) {
        victim = sleep();
        await once(victim, 'spawn');
      }
      return Object.entries(found).flatMap(([name, happened]) => (happened ? [name] : []));
    },
    close: async () => {
      for (const { pid } of [victim, keeper]) endGroup(pid ?? 0);
      tcp.close();
      udp.close();
      unix.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Ends a process that leads its group, with the group. */
export function endGroup(pid: number): void {
  for (const target of [-pid, pid]) {
    try {
      process.kill(target, 'SIGKILL');
    } catch {
      // It has ended.
    }
  }
}
