/** A program's standard streams. */
import { execFile } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { unlink, writeFile } from 'node:fs/promises';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** `inside` are the program's file descriptors, the others the worker's ends. */
export interface Streams {
  readonly inside: readonly [number, number, number];
  readonly stdout: Socket;
  readonly stderr: Socket;
  /** To be called once the program has its copies. */
  closeInside(): void;
}

/**
 * Opens a file with the input, and two named pipes, all of them gone from the folder at once. What Node gives its
 * children instead are sockets, and a shell that reads /dev/stdin or writes to /dev/stderr cannot open those. Only the
 * worker may look into the folder; the program, which may have another user, opens them by its descriptors.
 */
export async function openStreams(folder: string, stdin: string): Promise<Streams> {
  const [input, output, errors] = [join(folder, 'stdin'), join(folder, 'stdout'), join(folder, 'stderr')];
  await writeFile(input, stdin, { mode: 0o444 });
  await run('mkfifo', ['-m', '0666', output, errors], { env: { PATH: process.env.PATH } });
  const { O_RDONLY, O_WRONLY, O_NONBLOCK } = constants;
  // The worker's ends come first: the others then open at once, and without O_NONBLOCK, which programs do not expect.
  const stdout = openSync(output, O_RDONLY | O_NONBLOCK);
  const stderr = openSync(errors, O_RDONLY | O_NONBLOCK);
  const inside = [openSync(input, O_RDONLY), openSync(output, O_WRONLY), openSync(errors, O_WRONLY)] as const;
  await Promise.all([input, output, errors].map((path) => unlink(path)));
  return {
    inside,
    stdout: new Socket({ fd: stdout, readable: true, writable: false }),
    stderr: new Socket({ fd: stderr, readable: true, writable: false }),
    closeInside: () => inside.forEach((descriptor) => closeSync(descriptor)),
  };
}
