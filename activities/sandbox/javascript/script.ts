/** What the child process reads from its standard input. */
export interface Script {
  readonly code: string;
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly stdin: string;
  /** Of the script itself. */
  readonly memoryBytes: number;
}
