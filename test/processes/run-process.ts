/** Runs processes as the activities do, without Temporal around them. */
import { createTokens } from '../../activities/authentication/tokens.ts';
import { createHttpSender } from '../../network/http-sender.ts';
import { runContainer } from '../../activities/run/container/run-container.ts';
import { openProcesses } from '../../activities/run/open-processes.ts';
import type { RunSettings } from '../../activities/run/open-processes.ts';
import { runScript } from '../../activities/run/run-script.ts';
import { runShell } from '../../activities/run/run-shell.ts';
import { createRedactor } from '../../activities/secrets/redaction.ts';
import { openSecrets } from '../../activities/secrets/secrets.ts';
import { defaults } from '../../config/defaults.ts';
import { WorkflowFault } from '../../dsl/errors.ts';
import type { WorkflowError } from '../../dsl/errors.ts';
import type { Json, JsonObject } from '../../dsl/json.ts';
import type { ProcessKind, ProcessRequest } from '../../workflows/contract.ts';

export type Outcome = { readonly output: Json } | { readonly error: WorkflowError };

export interface RunOptions extends Partial<ProcessRequest> {
  /** Aborts as a cancellation does. */
  readonly signal?: AbortSignal;
}

export interface ProcessRunner {
  /** What the task would output, or the error that it would fault with. A repeat has the same `taskRun`. */
  run(kind: ProcessKind, described: JsonObject, options?: RunOptions): Promise<Outcome>;
  close(): Promise<void>;
}

const runners = { script: runScript, shell: runShell, container: runContainer };

/** The settings of processes: the defaults, all of them turned on, and what is given. */
export function runSettings(given: Partial<RunSettings>): RunSettings {
  return { ...defaults.run, python: true, shell: true, docker: { volumes: [] }, ...given };
}

/** `root` is the project's folder. `secrets` are those that a definition may read. */
export function openProcessRunner(
  root: string,
  settings: Partial<RunSettings> = {},
  secrets: Readonly<Record<string, Json>> = {},
): ProcessRunner {
  const opened = openProcesses(runSettings(settings), root);
  const http = createHttpSender({ allow: ['127.0.0.1'], maxRedirects: 1 });
  const tokens = createTokens(http);
  let taskRuns = 0;
  return {
    async run(kind, described, { signal = new AbortController().signal, ...options } = {}) {
      taskRuns += 1;
      const request: ProcessRequest = {
        with: described,
        deferred: {},
        return: 'all',
        reference: '/do/0/run',
        workflow: { namespace: 'test', name: 'processes' },
        task: 'run',
        taskRun: taskRuns,
        idempotencyKey: 'key',
        secrets: Object.keys(secrets),
        timeoutMs: 10_000,
        maxResponseBytes: 1_000_000,
        ...options,
      };
      const used = openSecrets({ read: (name) => secrets[name] }, request.secrets, request.reference);
      const redactor = createRedactor(Object.values(secrets));
      try {
        return {
          output: await runners[kind](request, used, opened.processes, { http, tokens, redactor, signal }),
        };
      } catch (error) {
        if (error instanceof WorkflowFault) return { error: error.error };
        throw error;
      }
    },
    close: async () => {
      await Promise.all([opened.close(), http.close()]);
    },
  };
}
