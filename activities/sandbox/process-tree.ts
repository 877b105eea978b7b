/** What a process and everything below it use, read from Linux's /proc. */
import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';

export interface TreeUsage {
  readonly cpuSeconds: number;
  /** Resident memory, pages that several processes share counted once for each. */
  readonly memoryBytes: number;
  readonly threads: number;
  readonly pids: readonly number[];
}

/** Linux's unit of processor time for programs: the same on every architecture. */
const ticksPerSecond = 100;

/** Beyond this many the tree is cut short: it is over any limit. */
const maxProcesses = 10_000;

/** The usage of the tree below `root`, or undefined where there is no /proc or the process has ended. */
export async function treeUsage(root: number): Promise<TreeUsage | undefined> {
  const usage = { cpuSeconds: 0, memoryBytes: 0, threads: 0, pids: [] as number[] };
  const waiting = [root];
  for (let pid = waiting.pop(); pid !== undefined; pid = waiting.pop()) {
    if (usage.pids.length >= maxProcesses) break;
    const [stat, children] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'latin1').catch(() => undefined),
      childrenOf(pid),
    ]);
    if (stat === undefined) continue;
    // The name in parentheses may hold anything. After it, from 0: state, ppid, ..., utime 11, stime 12 and those of
    // children that ended 13 and 14, threads 17, resident pages 21 (proc(5)).
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const at = (index: number): number => fields[index] ?? 0;
    usage.cpuSeconds += (at(11) + at(12) + at(13) + at(14)) / ticksPerSecond;
    usage.threads += at(17);
    usage.memoryBytes += at(21) * pageBytes();
    usage.pids.push(pid);
    waiting.push(...children);
  }
  return usage.pids.length === 0 ? undefined : usage;
}

/** Each thread has children of its own. */
async function childrenOf(pid: number): Promise<number[]> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const lists = await Promise.all(
    threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/children`, 'latin1').catch(() => '')),
  );
  return lists.flatMap((list) => list.split(' ').filter(Boolean).map(Number));
}

let knownPageBytes: number | undefined;

function pageBytes(): number {
  knownPageBytes ??= readPageBytes();
  return knownPageBytes;
}

function readPageBytes(): number {
  try {
    const kilobytes = /^KernelPageSize:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/smaps', 'latin1'))?.[1];
    return Number(kilobytes ?? 4) * 1024;
  } catch {
    return 4096;
  }
}
