import type { Json, JsonObject } from '../../dsl/json.ts';

/** One statement, and within what it runs. */
export interface SqlRequest {
  readonly statement: string;
  /** Of its placeholders, in order. Lists and objects go as JSON text. */
  readonly parameters: readonly Json[];
  /** Most rows of the answer. */
  readonly maxRows: number;
  /** Most bytes of the answer's rows as JSON. */
  readonly maxBytes: number;
  readonly timeoutMs: number;
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

export interface SqlAnswer {
  /** By the names of the columns, as rows.ts makes JSON of their types. */
  readonly rows: readonly JsonObject[];
  /** Rows that were written. */
  readonly changes: number;
}

/**
 * A database that definitions ask. Values go as parameters beside the statement, which the server parses alone. A
 * statement that is late, too large or aborted is ended at the server. Every failure is an `SqlError` (errors.ts).
 */
export interface SqlDatabase {
  /** Runs a statement that cannot write: the transaction is read-only where the system has that, and is undone. */
  read(request: SqlRequest): Promise<SqlAnswer>;
  /**
   * Runs a statement and keeps its answer under `key` in the table `perdure_calls`, in one transaction. Where the key is
   * there already it gives that answer, and runs nothing.
   */
  write(request: SqlRequest, key: string): Promise<SqlAnswer>;
  close(): Promise<void>;
}
