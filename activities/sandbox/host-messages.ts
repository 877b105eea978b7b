/** What a worker and its sandbox host say to each other. */
import type { ProcessResult } from '../../dsl/types.ts';
import type { SandboxedProgram, SandboxOptions } from './sandbox.ts';
import type { SandboxFailure } from './sandbox-error.ts';

export type ToHost =
  | { readonly kind: 'options'; readonly options: SandboxOptions }
  | {
      readonly kind: 'run';
      readonly id: number;
      readonly program: SandboxedProgram;
      readonly timeoutMs: number;
    }
  | { readonly kind: 'abort'; readonly id: number };

export interface FromHost {
  readonly id: number;
  readonly result?: ProcessResult;
  readonly failure?: SandboxFailure;
  /** Of the failure, or of an error that the host did not expect. */
  readonly message?: string;
}
