/** One thing that is wrong with the configuration. */
export interface ConfigProblem {
  /** The file or the environment variable that it stands in. */
  readonly source: string;
  /** Line in the file, from 1, where it is known. */
  readonly line?: number;
  /** The setting, for example `api.port`; empty for the file as a whole. */
  readonly path: string;
  /** What was expected and what was found. */
  readonly detail: string;
}

/** Thrown for a configuration that cannot be used: all its problems at once, each with its place. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[], options?: ErrorOptions) {
    super(['The configuration cannot be used:', ...problems.map(problemLine)].join('\n'), options);
    this.problems = problems;
  }
}

function problemLine({ source, line, path, detail }: ConfigProblem): string {
  const place = line === undefined ? source : `${source}:${line}`;
  return `  ${place}${path === '' ? '' : ` (${path})`}: ${detail}`;
}
