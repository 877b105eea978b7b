import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Socket } from 'node:net';
import type { Writable } from 'node:stream';
import { bubblewrapCommand, bubblewrapOptions } from './bubblewrap.ts';
import { limitedCommand } from './limits.ts';
import type { SandboxLimits } from './limits.ts';
import type { SandboxedProgram } from './sandbox.ts';
import { SandboxError } from './sandbox-error.ts';
import { seccompFilter } from './seccomp.ts';
import { openStreams } from './streams.ts';
import type { Streams } from './streams.ts';

/** A program that has started. */
export interface Running {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly stdout: Socket;
  readonly stderr: Socket;
}

export interface LaunchOptions {
  /** A new folder on the host that is the program's alone. */
  readonly folder: string;
  readonly limits: SandboxLimits;
  readonly isolated: boolean;
}

/** Where a program in namespaces has its temporary files, and its own file. */
const insideFolder = '/tmp';
const insideFile = '/run/perdure';

/** Descriptors in the child, after the standard three. */
const optionsDescriptor = 3;
const filterDescriptor = 4;
const fileDescriptor = 5;

/** Starts the program as the leader of a process group. Rejects with a {@link SandboxError} when it cannot be started. */
export async function launch(program: SandboxedProgram, options: LaunchOptions): Promise<Running> {
  const { folder, isolated } = options;
  const file = program.file && join(isolated ? insideFile : folder, program.file.name);
  const command = program.command.map((part) => (part === '{file}' ? (file ?? part) : part));
  if (file !== undefined && !isolated) await writeFile(file, program.file?.text ?? '', { mode: 0o600 });
  const streams = await openStreams(folder, program.stdin);
  const child = isolated
    ? spawnIsolated(program, command, file, options, streams.inside)
    : spawnPlain(program, command, options, streams.inside);
  try {
    await once(child, 'spawn');
  } catch (error) {
    for (const stream of [streams.stdout, streams.stderr]) stream.destroy();
    throw new SandboxError('start', `it cannot be started: ${String(error)}`, { cause: error });
  } finally {
    streams.closeInside();
  }
  const { stdout, stderr } = streams;
  return { child, pid: child.pid ?? 0, stdout, stderr };
}

function spawnIsolated(
  program: SandboxedProgram,
  command: readonly string[],
  file: string | undefined,
  { limits }: LaunchOptions,
  streams: Streams['inside'],
): ChildProcess {
  const isProgram = program.kind === 'program';
  const limited = limitedCommand(limits, { addressSpace: isProgram, processes: isProgram }, command);
  const [name = 'bwrap', ...args] = bubblewrapCommand(optionsDescriptor, limited, isProgram);
  const filter = seccompFilter();
  const options = bubblewrapOptions({
    visible: program.visible,
    file: file === undefined ? undefined : { path: file, descriptor: fileDescriptor },
    filterDescriptor: filter === undefined ? undefined : filterDescriptor,
    environment: program.environment,
    folder: insideFolder,
    limits,
  });
  const child = spawn(name, args, {
    cwd: '/',
    // Of the launchers: the program's own environment must not reach them, as LD_PRELOAD would.
    env: { PATH: process.env.PATH },
    stdio: [...streams, 'pipe', 'pipe', 'pipe'],
    detached: true,
  });
  give(child, optionsDescriptor, options.map((option) => `${option}\0`).join(''));
  give(child, filterDescriptor, filter ?? '');
  give(child, fileDescriptor, program.file?.text ?? '');
  return child;
}

function spawnPlain(
  { kind, environment }: SandboxedProgram,
  command: readonly string[],
  { folder, limits }: LaunchOptions,
  streams: Streams['inside'],
): ChildProcess {
  const kernel = { addressSpace: kind === 'program' && process.platform === 'linux', processes: false };
  const [name, ...args] = limitedCommand(limits, kernel, command);
  return spawn(name, args, { cwd: folder, env: { ...environment }, stdio: [...streams], detached: true });
}

function give(child: ChildProcess, descriptor: number, content: string | Buffer): void {
  const stream = child.stdio[descriptor] as Writable;
  stream.on('error', () => undefined);
  stream.end(content);
}
