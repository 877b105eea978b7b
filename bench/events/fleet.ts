/** The processes of a service under proof, and what kills one of them. */
import { readFile } from 'node:fs/promises';
import { findFreePort } from '../../temporal/free-port.ts';
import { startProcess, whenReady } from '../../test/service-process.ts';
import type { RunningProcess } from '../../test/service-process.ts';

export interface FleetOptions {
  /** The project's folder, absolute. */
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  /** Bridges in processes of their own, with an API and a worker; 0 runs everything in one process. */
  readonly bridges: number;
}

export interface Fleet {
  /** Of the API, without a slash at the end; the same after it was killed. */
  readonly url: string;
  /** Kills the nth bridge with whatever else is in its process, and starts it again after a pause. */
  crash(nth: number, pauseMs: number): Promise<void>;
  /** CPU time of the processes with a bridge so far, those that were killed included; NaN where it cannot be told. */
  bridgeCpuMs(): Promise<number>;
  /** The end of what each process printed. */
  lastWords(): string;
  stop(): Promise<void>;
}

interface Member {
  readonly role: string;
  readonly port: number;
  running: RunningProcess;
}

/** Starts the processes, and resolves when all are ready. */
export async function startFleet({ root, env, bridges }: FleetOptions): Promise<Fleet> {
  async function launch(role: string, port: number): Promise<RunningProcess> {
    const running = startProcess(root, ['start', '--role', role], {
      HOST: '127.0.0.1',
      PORT: String(port),
      PERDURE_WORKER_PORT: String(port),
      PERDURE_BRIDGE_PORT: String(port),
      ...env,
    });
    try {
      await whenReady(`http://127.0.0.1:${port}`, running);
    } catch (error) {
      await running.kill();
      throw error;
    }
    return running;
  }

  async function start(role: string): Promise<Member> {
    const port = await findFreePort();
    return { role, port, running: await launch(role, port) };
  }

  const roles =
    bridges === 0 ? ['all'] : ['api', 'worker', ...Array.from({ length: bridges }, () => 'bridge')];
  const members: Member[] = [];
  // One after the other: the first makes the namespace and the bundle.
  for (const role of roles) members.push(await start(role));
  const withBridge = members.filter(({ role }) => role === 'all' || role === 'bridge');
  let deadCpuMs = 0;
  return {
    url: `http://127.0.0.1:${members[0]?.port}`,
    async crash(nth, pauseMs) {
      const member = withBridge[nth % withBridge.length];
      if (member === undefined) return;
      deadCpuMs += await cpuMs(member.running);
      await member.running.kill();
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
      member.running = await launch(member.role, member.port);
    },
    async bridgeCpuMs() {
      const living = await Promise.all(withBridge.map(({ running }) => cpuMs(running)));
      return living.reduce((sum, ms) => sum + ms, deadCpuMs);
    },
    lastWords: () =>
      members
        .map(({ role, running }) => `${role}: ${running.output().split('\n').slice(-8).join('\n')}`)
        .join('\n'),
    async stop() {
      for (const { running } of members.toReversed()) await running.stop();
    },
  };
}

/** CPU time of a process so far, in milliseconds. Linux counts it in hundredths of a second. */
async function cpuMs({ child }: RunningProcess): Promise<number> {
  const stat = await readFile(`/proc/${child.pid}/stat`, 'utf8').catch(() => '');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
