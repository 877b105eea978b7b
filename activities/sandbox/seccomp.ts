/** System calls that programs in the sandbox have no use for, refused by the kernel (seccomp). */

/** Numbers of the calls on x64 and on arm64. */
const refused: Readonly<Record<string, readonly [x64: number, arm64: number]>> = {
  // Memory that belongs to no process, and that no limit on processes sees.
  memfd_create: [319, 279],
  memfd_secret: [447, 447],
  shmget: [29, 194],
  shmat: [30, 196],
  msgget: [68, 186],
  mq_open: [240, 180],
  // Other processes' memory.
  ptrace: [101, 117],
  process_vm_readv: [310, 270],
  process_vm_writev: [311, 271],
  // Namespaces and mounts.
  unshare: [272, 97],
  setns: [308, 268],
  mount: [165, 40],
  umount2: [166, 39],
  pivot_root: [155, 41],
  chroot: [161, 51],
  open_tree: [428, 428],
  move_mount: [429, 429],
  fsopen: [430, 430],
  // Large parts of the kernel behind one call.
  bpf: [321, 280],
  perf_event_open: [298, 241],
  userfaultfd: [323, 282],
  io_uring_setup: [425, 425],
  add_key: [248, 217],
  request_key: [249, 218],
  keyctl: [250, 219],
  kexec_load: [246, 104],
  init_module: [175, 105],
  finit_module: [313, 273],
};

/** How the kernel names the two architectures in what a filter sees (linux/audit.h). */
const architectures: Readonly<Record<string, { readonly audit: number; readonly column: 0 | 1 }>> = {
  x64: { audit: 0xc000003e, column: 0 },
  arm64: { audit: 0xc00000b7, column: 1 },
};

// Instructions of the classic BPF machine (linux/bpf_common.h): load a word, compare and jump, return.
const load = 0x20;
const jumpIfEqual = 0x15;
const jumpIfAtLeast = 0x35;
const giveBack = 0x06;

const allow = 0x7fff0000;
const refuse = 0x00050001;
const kill = 0x80000000;

/** Calls of the x32 ABI have this bit: the same calls under other numbers. */
const x32Bit = 0x40000000;

/** The filter program for bubblewrap's `--seccomp`, or undefined for an architecture whose numbers are not known here. */
export function seccompFilter(architecture: string = process.arch): Buffer | undefined {
  const known = architectures[architecture];
  if (known === undefined) return undefined;
  const numbers = Object.values(refused).map((columns) => columns[known.column]);
  const instructions: [code: number, ifTrue: number, ifFalse: number, value: number][] = [
    [load, 0, 0, 4],
    // Another ABI of this processor would have other numbers.
    [jumpIfEqual, 1, 0, known.audit],
    [giveBack, 0, 0, kill],
    [load, 0, 0, 0],
    [jumpIfAtLeast, numbers.length + 1, 0, x32Bit],
    ...numbers.map((number, index): [number, number, number, number] => [
      jumpIfEqual,
      numbers.length - index,
      0,
      number,
    ]),
    [giveBack, 0, 0, allow],
    [giveBack, 0, 0, refuse],
  ];
  const program = Buffer.alloc(instructions.length * 8);
  for (const [index, [code, ifTrue, ifFalse, value]] of instructions.entries()) {
    program.writeUInt16LE(code, index * 8);
    program.writeUInt8(ifTrue, index * 8 + 2);
    program.writeUInt8(ifFalse, index * 8 + 3);
    program.writeUInt32LE(value, index * 8 + 4);
  }
  return program;
}
