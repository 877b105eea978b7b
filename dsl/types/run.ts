/** The processes that a run task runs ("Run"). */
import type { Json, JsonObject } from '../json.ts';
import type { Duration } from './data-flow.ts';
import type { OneOf } from './one-of.ts';
import type { ExternalResource } from './resource.ts';

/** What a run task does, and what it hands on. */
export type RunProcess = {
  /** True when absent. */
  readonly await?: boolean;
  /** `stdout` when absent. */
  readonly return?: ProcessReturn;
} & OneOf<{
  container: ContainerProcess;
  script: ScriptProcess;
  shell: ShellProcess;
  workflow: WorkflowProcess;
}>;

export type ProcessReturn = 'stdout' | 'stderr' | 'code' | 'all' | 'none';

/** What `return: all` gives ("Process Result"). */
export interface ProcessResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface Process {
  readonly stdin?: string;
  readonly arguments?: readonly string[];
  readonly environment?: JsonObject;
}

export interface ContainerProcess extends Process {
  readonly image: string;
  readonly name?: string;
  readonly command?: string;
  readonly ports?: JsonObject;
  readonly volumes?: JsonObject;
  readonly lifetime?: ContainerLifetime;
  /** `ifNotPresent` when absent. */
  readonly pullPolicy?: 'ifNotPresent' | 'always' | 'never';
}

export type ContainerLifetime =
  | { readonly cleanup: 'always' | 'never'; readonly after?: never }
  | { readonly cleanup: 'eventually'; readonly after: Duration };

/** The languages of scripts. */
export const scriptLanguages = ['js', 'python'] as const;

export type ScriptProcess = Process & { readonly language: (typeof scriptLanguages)[number] } & OneOf<{
    code: string;
    source: ExternalResource;
  }>;

export interface ShellProcess extends Process {
  readonly command: string;
}

export interface WorkflowProcess {
  readonly namespace: string;
  readonly name: string;
  /** A semantic version, or `latest`. */
  readonly version: string;
  readonly input?: Json;
}
