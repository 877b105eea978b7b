/** What one program may use with everything that it starts. */
export interface SandboxLimits {
  /** Processor time. */
  readonly cpuSeconds: number;
  /** Resident memory. */
  readonly memoryBytes: number;
  /** Standard output and standard error together. */
  readonly outputBytes: number;
  /** The folder for temporary files. */
  readonly fileBytes: number;
  /** Processes and threads. */
  readonly processes: number;
}

/**
 * A shell script that limits itself, lowers its priority below everything else on the machine, and becomes the program
 * in its arguments. The kernel enforces these limits for each process, also when the worker is gone; what a program uses
 * together with its children is for the watch to see. dash calls the count of processes -p, bash -u.
 */
const limitThenBecome = `
ulimit -c 0
ulimit -S -t "$1"; ulimit -H -t "$(($1 + 1))"
ulimit -f "$2"
ulimit -n 256
[ "$3" = 0 ] || ulimit -v "$3"
[ "$4" = 0 ] || ulimit -p "$4" 2>/dev/null || ulimit -u "$4"
shift 4
exec nice -n 10 -- "$@"`;

/** Which limits the kernel is asked for beside time and size of files. */
export interface KernelLimits {
  /** Address space of each process. Node and its like reserve far more than they use: not for them. */
  readonly addressSpace: boolean;
  /** Counted by user: only where the program has a user namespace of its own, else the user's others count too. */
  readonly processes: boolean;
}

/** The command that runs `command` within the limits. */
export function limitedCommand(
  limits: SandboxLimits,
  kernel: KernelLimits,
  command: readonly string[],
): readonly [string, ...string[]] {
  const numbers = [
    // One more than the watch allows: it is the one that can say what happened.
    limits.cpuSeconds + 1,
    Math.ceil(limits.fileBytes / 512),
    kernel.addressSpace ? Math.ceil(addressSpaceBytes(limits) / 1024) : 0,
    kernel.processes ? limits.processes : 0,
  ];
  return ['/bin/sh', '-c', limitThenBecome, 'sandbox', ...numbers.map(String), ...command];
}

/** Programs map their libraries on top of what they use. */
function addressSpaceBytes({ memoryBytes }: SandboxLimits): number {
  return memoryBytes + 256 * 1024 * 1024;
}
