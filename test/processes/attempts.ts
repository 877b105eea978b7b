/** Scripts that try to get out of the sandbox, or to bring the worker down from within it. */

/** What the attempts are after. All of it can be had without a sandbox. */
export interface Targets {
  /** A file that everybody may read; a secret is in it. */
  readonly secretFile: string;
  /** A folder that everybody may write to. */
  readonly openFolder: string;
  /** The port on 127.0.0.1 of a server that counts who comes, by TCP and by UDP. */
  readonly port: number;
  /** The path of its Unix socket. */
  readonly socket: string;
  /** The id of a process to kill, and of one whose environment holds a secret. */
  readonly victim: number;
  readonly keeper: number;
  /** Unique text for the command line of what is to survive. */
  readonly marker: string;
}

export interface Attempt {
  readonly name: string;
  readonly language: 'js' | 'python' | 'shell';
  /** Says WON where only the script itself can tell that it got what it wanted. */
  readonly code: (targets: Targets) => string;
  /** It wins by not ending. */
  readonly runaway?: true;
  /** How the control runs it: in a context of node:vm rather than as a program of Node. */
  readonly control?: 'vm';
}

const text = (value: string | number): string => JSON.stringify(value);

const javascript: readonly Omit<Attempt, 'language'>[] = [
  {
    name: 'reads a file',
    code: ({ secretFile }) =>
      `import { readFileSync } from 'node:fs'; console.log(readFileSync(${text(secretFile)}, 'utf8'))`,
  },
  {
    name: 'reads a file through a path that begins at a stream',
    code: ({ secretFile }) =>
      `import { readFileSync } from 'node:fs'; console.log(readFileSync('/dev/..' + ${text(secretFile)}, 'utf8'))`,
  },
  {
    name: 'reads a file through import() in a new function',
    code: ({ secretFile }) =>
      `const fs = await new Function('return import("node:fs")')(); console.log(fs.readFileSync(${text(secretFile)}, 'utf8'))`,
  },
  {
    name: 'reads a file through a built-in module of the process',
    code: ({ secretFile }) =>
      `console.log(process.getBuiltinModule('node:fs').readFileSync(${text(secretFile)}, 'utf8'))`,
  },
  { name: "reads the worker's environment", code: () => `console.log(JSON.stringify(process.env))` },
  {
    name: "reads the worker's environment from /proc",
    code: ({ keeper }) =>
      `import { readFileSync } from 'node:fs'; console.log(readFileSync('/proc/${keeper}/environ', 'latin1'))`,
  },
  {
    name: "finds the host's process by the constructor of a host function",
    control: 'vm',
    code: () => `console.log(JSON.stringify(console.log.constructor.constructor('return process')().env))`,
  },
  {
    name: "finds the host's process by what a host function throws",
    control: 'vm',
    code: () =>
      `try { console.log({ toString: 0, toJSON: () => { throw 0 } }); null.f } catch (error) { }
       const far = console.error.__proto__.__proto__.constructor.constructor;
       console.log(JSON.stringify(far('return process.env')()))`,
  },
  {
    name: 'connects by TCP',
    code: ({ port }) =>
      `const net = await import('node:net'); net.connect(${port}, '127.0.0.1').on('connect', function () { this.end() });
       await new Promise((resolve) => setTimeout(resolve, 500))`,
  },
  { name: 'fetches', code: ({ port }) => `await fetch('http://127.0.0.1:${port}/').catch(() => undefined)` },
  {
    name: 'writes a file',
    code: ({ openFolder }) =>
      `import { writeFileSync } from 'node:fs'; writeFileSync(${text(`${openFolder}/written`)}, 'x')`,
  },
  {
    name: 'starts a program',
    code: ({ secretFile }) =>
      `const { execFileSync } = await import('node:child_process'); console.log(String(execFileSync('cat', [${text(secretFile)}])))`,
  },
  { name: 'kills a process', code: ({ victim }) => `process.kill(${victim}, 'SIGKILL')` },
  {
    name: 'takes memory by WebAssembly',
    code: () =>
      `const memory = new WebAssembly.Memory({ initial: 8_000 }); new Uint8Array(memory.buffer).fill(1); console.log('WON')`,
  },
  {
    name: 'takes memory by arrays',
    code: () =>
      `const kept = []; while (kept.length < 400) kept.push(new Uint8Array(1_048_576).fill(1)); console.log('WON')`,
  },
  { name: 'never ends a loop', runaway: true, code: () => `for (;;) {}` },
  {
    name: 'catches its own end and goes on',
    runaway: true,
    code: () => `for (;;) { try { for (;;) {} } catch {} finally { for (;;) {} } }`,
  },
  {
    name: 'never ends a chain of promises',
    runaway: true,
    code: () => `const again = () => Promise.resolve().then(again); again(); await new Promise(() => {})`,
  },
  {
    name: 'backtracks in a regular expression',
    runaway: true,
    code: () => `/^(a+)+$/.test('a'.repeat(60) + 'b')`,
  },
  {
    name: 'stays in one call of a built-in',
    runaway: true,
    code: () => `new Array(3e7).fill(0).map((_, at) => at).sort(() => Math.random() - 0.5)`,
  },
  { name: 'waits for ever', runaway: true, code: () => `setInterval(() => {}, 1_000)` },
  {
    name: 'floods its output',
    code: () => `import { writeFileSync } from 'node:fs'; for (;;) writeFileSync(1, 'x'.repeat(1_000))`,
  },
];

const python: readonly Omit<Attempt, 'language'>[] = [
  { name: 'reads a file', code: ({ secretFile }) => `print(open(${text(secretFile)}).read())` },
  {
    name: 'reads a file through a link',
    code: ({ secretFile }) =>
      `import os\nos.symlink(${text(secretFile)}, 'link')\nprint(open('link').read())`,
  },
  {
    name: "reads the worker's environment",
    code: ({ keeper }) => `import os\nprint(dict(os.environ))\nprint(open('/proc/${keeper}/environ').read())`,
  },
  {
    name: 'connects by TCP',
    code: ({ port }) => `import socket\nsocket.create_connection(('127.0.0.1', ${port}), 1)`,
  },
  {
    name: 'sends by UDP',
    code: ({ port }) =>
      `import socket\nsocket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', ${port}))`,
  },
  {
    name: 'connects by a Unix socket',
    code: ({ socket }) => `import socket\nsocket.socket(socket.AF_UNIX).connect(${text(socket)})`,
  },
  {
    name: 'writes a file',
    code: ({ openFolder }) => `open(${text(`${openFolder}/written`)}, 'w').write('x')`,
  },
  { name: 'kills a process', code: ({ victim }) => `import os\nos.kill(${victim}, 9)` },
  {
    name: 'traces a process',
    code: ({ victim }) =>
      `import ctypes\nlibc = ctypes.CDLL(None)\nif libc.ptrace(16, ${victim}, 0, 0) == 0: print('WON')`,
  },
  { name: 'becomes root', code: () => `import os\nos.setuid(0)\nprint('WON' if os.getuid() == 0 else '')` },
  {
    name: 'makes a device',
    code: () => `import os, stat\nos.mknod('disk', 0o600 | stat.S_IFBLK, os.makedev(7, 0))\nprint('WON')`,
  },
  {
    name: 'makes a namespace of its own',
    code: () => `import ctypes\nif ctypes.CDLL(None).unshare(0x10000000 | 0x00020000) == 0: print('WON')`,
  },
  {
    name: 'keeps memory outside of its processes',
    code: () =>
      `import os\nfds = [os.memfd_create(str(n)) for n in range(8)]\nfor fd in fds: os.posix_fallocate(fd, 0, 50_000_000)\nprint('WON')`,
  },
  {
    name: 'takes memory',
    code: () => `kept = [bytearray(1_000_000) for _ in range(400)]\nprint('WON')`,
  },
  {
    name: 'takes memory by many processes',
    code: () =>
      `import os, time\nfor n in range(12):\n  if os.fork() == 0:\n    kept = b'x' * 40_000_000\n    time.sleep(2)\n    os._exit(0)\ntime.sleep(1)\nprint('WON')`,
  },
  {
    name: 'starts threads without end',
    code: () =>
      `import threading, time\nfor _ in range(300): threading.Thread(target=time.sleep, args=(2,), daemon=True).start()\nprint('WON')`,
  },
  {
    name: 'fills the disk',
    code: () =>
      `for n in range(100):\n  with open(f'{n}', 'wb') as file: file.write(bytes(1_000_000))\nprint('WON')`,
  },
  {
    name: 'leaves a daemon behind',
    code: ({ marker }) =>
      `import os\nif os.fork() == 0:\n  os.setsid()\n  if os.fork() == 0: os.execv('/bin/sh', ['sh', '-c', 'sleep 20; : ${marker}'])\n  os._exit(0)\nos.wait()`,
  },
  { name: 'never ends a loop', runaway: true, code: () => `while True: pass` },
];

const shell: readonly Omit<Attempt, 'language'>[] = [
  { name: 'reads a file', code: ({ secretFile }) => `cat ${secretFile}` },
  { name: "reads the worker's environment", code: ({ keeper }) => `env; cat /proc/${keeper}/environ` },
  { name: 'lists the processes', code: ({ keeper }) => `tr '\\0' ' ' < /proc/${keeper}/cmdline` },
  { name: 'kills a process', code: ({ victim }) => `kill -KILL ${victim}` },
  { name: 'writes a file', code: ({ openFolder }) => `echo x > ${openFolder}/written` },
  {
    name: "sets the kernel's parameters",
    code: () =>
      `file=/proc/sys/kernel/core_pattern; old=$(cat $file); printf '%s' "$old" > $file && echo WON`,
  },
  {
    name: 'leaves a process behind',
    code: ({ marker }) => `setsid nohup sh -c 'sleep 20; : ${marker}' > /dev/null 2>&1 &`,
  },
  { name: 'raises its priority', code: () => `[ "$(nice -n -5 nice)" -lt 0 ] && echo WON` },
  {
    name: 'forks without end',
    code: () => `made=0; while [ $made -lt 300 ]; do sleep 2 & made=$((made + 1)); done; echo WON`,
  },
  { name: 'floods its output', code: () => `yes` },
  {
    name: 'does not hear signals',
    runaway: true,
    code: () => `trap '' HUP INT QUIT TERM XCPU; while :; do :; done`,
  },
  { name: 'waits for ever', runaway: true, code: () => `while :; do sleep 100; done` },
];

export const attempts: readonly Attempt[] = [
  ...javascript.map((attempt) => ({ ...attempt, language: 'js' as const })),
  ...python.map((attempt) => ({ ...attempt, language: 'python' as const })),
  ...shell.map((attempt) => ({ ...attempt, language: 'shell' as const })),
];
