/** How the command ends. docs/cli.md lists the same for people. */
export const exitCodes = {
  ok: 0,
  /** The execution did not complete, or the service refused the request. */
  refused: 1,
  usage: 2,
  /** The service cannot be reached, or says that it cannot work now. */
  unreachable: 3,
  /** Watching was interrupted; the execution goes on. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** An end that the person at the terminal can act on: printed as its message, without a stack. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}
