import type { Json } from '../../dsl/json.ts';

/** One line of the services' log. A request leaves `received` at once and `answered` when its answer is known. */
export interface LogEntry {
  readonly seq: number;
  /** ISO 8601. */
  readonly at: string;
  readonly kind: 'received' | 'answered';
  readonly method: string;
  readonly path: string;
  readonly key?: string;
  readonly body?: Json;
  readonly status?: number;
  /** `answered` only: whether this request changed something; false for a repeated key. */
  readonly effect?: boolean;
}

/** An append-only log: no entry is ever changed, merged or refused, so that it shows what really came. */
export class ServiceLog {
  readonly #entries: LogEntry[] = [];

  append(entry: Omit<LogEntry, 'seq' | 'at'>): void {
    this.#entries.push({ seq: this.#entries.length + 1, at: new Date().toISOString(), ...entry });
  }

  entries(): readonly LogEntry[] {
    return [...this.#entries];
  }
}
