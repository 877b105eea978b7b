import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** A process that registered itself, and answers. */
export interface ServiceInstance {
  readonly id: string;
  readonly port: number;
  readonly pid: number;
  /** How often it was asked each thing, such as `GET /v1/items`. */
  seen(): Promise<Readonly<Record<string, number>>>;
  /** Ends it as a crash would. */
  kill(): Promise<void>;
  /** Lets it leave and end. */
  stop(): Promise<void>;
}

/** Starts an instance, and waits until the registry has it. */
export async function startInstance(
  url: string,
  service: string,
  { id, ttlMs, delayMs = 0 }: { readonly id: string; readonly ttlMs: number; readonly delayMs?: number },
): Promise<ServiceInstance> {
  const program = join(__dirname, 'instance-process.ts');
  const child = spawn(process.execPath, [program, url, service, id, String(ttlMs), String(delayMs)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const [printed] = (await Promise.race([
    once(child.stdout, 'data'),
    exited.then(() => Promise.reject(new Error(`the instance ${id} ended before it was listed`))),
  ])) as [Buffer];
  const port = Number(printed.toString());
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    await exited;
  };
  return {
    id,
    port,
    pid: child.pid ?? 0,
    seen: async () => (await (await fetch(`http://127.0.0.1:${port}/seen`)).json()) as Record<string, number>,
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  };
}
