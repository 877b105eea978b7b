/** Runs programs that are not trusted, each in a child process with limits of its own. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProcessResult } from '../../dsl/types.ts';
import { whyNoNamespaces } from './bubblewrap.ts';
import { launch } from './launch.ts';
import type { SandboxLimits } from './limits.ts';
import { SandboxError } from './sandbox-error.ts';
import { createTurns } from './turns.ts';
import { watch } from './watch.ts';

/** A program and all that it gets. */
export interface SandboxedProgram {
  /** The program's path or name, and its arguments. `{file}` in them stands for the path of `file`. */
  readonly command: readonly [string, ...string[]];
  readonly environment: Readonly<Record<string, string>>;
  readonly stdin: string;
  /** A file of its own: its name and what is in it. */
  readonly file?: { readonly name: string; readonly text: string };
  /** Host paths that it needs beside the system's folders. */
  readonly visible: readonly string[];
  /**
   * `program`: it is a program of the system's, held by namespaces and the kernel's limits alone. `runtime`: it holds
   * its script by itself, and namespaces come on top where they can be had; `memoryBytes` more are its own.
   */
  readonly kind: 'program' | 'runtime';
  readonly ownMemoryBytes?: number;
}

export interface SandboxRun {
  readonly timeoutMs: number;
  /** Ends the program when it aborts; `run` then rejects with its reason. */
  readonly signal: AbortSignal;
}

export interface Sandbox {
  /**
   * Resolves when the program has ended by itself, whatever its exit code. When it goes beyond a limit it is killed with
   * everything it started, and `run` rejects with a {@link SandboxError}.
   */
  run(program: SandboxedProgram, run: SandboxRun): Promise<ProcessResult>;
}

export interface SandboxOptions {
  readonly isolation: 'required' | 'best-effort';
  readonly concurrency: number;
  readonly limits: SandboxLimits;
}

/** The sandbox of a worker. */
export function createSandbox({ isolation, concurrency, limits }: SandboxOptions): Sandbox {
  const turns = createTurns(concurrency);
  let namespaces: Promise<string | undefined> | undefined;

  /** Whether the program gets namespaces. Fails where it has to have some, and cannot. */
  const isolated = async (program: SandboxedProgram): Promise<boolean> => {
    namespaces ??= whyNoNamespaces();
    const missing = await namespaces;
    if (missing === undefined) return true;
    if (program.kind === 'runtime' || isolation === 'best-effort') return false;
    // It may have been installed or allowed by the next time.
    namespaces = undefined;
    throw new SandboxError(
      'isolation',
      `this worker cannot give it namespaces of its own: ${missing}. Let it have them (docs/operations/sandbox.md), or ` +
        'set run.isolation to best-effort where every definition is trusted',
    );
  };

  return {
    async run(program, { timeoutMs, signal }) {
      const deadline = AbortSignal.timeout(Math.min(timeoutMs, 2 ** 31 - 1));
      const endTurn = await turns.take(AbortSignal.any([deadline, signal])).catch((error: unknown) => {
        signal.throwIfAborted();
        const message = `it waited ${timeoutMs} ms for its turn (run.concurrency)`;
        throw new SandboxError('timeout', message, { cause: error });
      });
      const folder = await mkdtemp(join(tmpdir(), 'perdure-run-'));
      try {
        const running = await launch(program, { folder, limits, isolated: await isolated(program) });
        const allowed = { ...limits, memoryBytes: limits.memoryBytes + (program.ownMemoryBytes ?? 0) };
        return await watch(running, { limits: allowed, timeoutMs, deadline, signal });
      } finally {
        await rm(folder, { recursive: true, force: true });
        endTurn();
      }
    },
  };
}
