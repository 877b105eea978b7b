/** Why a program was ended, or could not be started. */
export type SandboxFailure = 'timeout' | 'cpu' | 'memory' | 'processes' | 'output' | 'isolation' | 'start';

/** Thrown when a program did not come to an end of its own. The message says which setting or step helps. */
export class SandboxError extends Error {
  override readonly name = 'SandboxError';
  readonly failure: SandboxFailure;

  constructor(failure: SandboxFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.failure = failure;
  }
}
