import type { ExecutionLimits } from '../workflows/contract.ts';

/** Everything that can be configured, after defaults, `temporal-config.yaml` and the environment were put together. */
export interface Settings {
  readonly api: {
    /** Address to bind. Without keys the API binds to loopback whatever this says. */
    readonly host: string;
    readonly port: number;
    /** API keys as `Authorization: Bearer`; only their SHA-256 in hex is kept. */
    readonly keys: readonly { readonly name: string; readonly sha256: string }[];
    readonly maxBodyBytes: number;
  };
  readonly temporal: {
    /** A running server; absent means the dev server is found, started and stopped by Perdure. */
    readonly address?: string;
    readonly namespace: string;
    readonly taskQueue: string;
    readonly retentionDays: number;
    readonly apiKey?: string;
    readonly tls?: {
      readonly certFile?: string;
      readonly keyFile?: string;
      readonly caFile?: string;
      readonly serverName?: string;
    };
    /** Base URL of the Temporal Web UI for links; the dev server's own when absent. */
    readonly uiUrl?: string;
    /** Ports of the dev server; 0 picks a free one. */
    readonly devServer: { readonly port: number; readonly uiPort: number };
  };
  /** `sqlite:PATH`; a relative path is inside `data`. */
  readonly store: string;
  /** `memory:`, or `http://…` / `https://…`, a sink that takes CloudEvents. */
  readonly events: string;
  /** Folder of local state, absolute. */
  readonly data: string;
  /** Hosts and host:port that definitions may call although their addresses are loopback, link-local or private. */
  readonly outgoing: { readonly allow: readonly string[]; readonly maxRedirects: number };
  /** Secret `payment-key` is read from `<prefix>PAYMENT_KEY`; a JSON object in it is parsed. */
  readonly secrets: { readonly environmentPrefix: string };
  readonly limits: ExecutionLimits & { readonly maxAliases: number };
  readonly worker: {
    readonly maxConcurrentActivities: number;
    readonly maxConcurrentWorkflowTasks: number;
    readonly maxCachedWorkflows: number;
    /** How long a stopping worker lets running activities finish, in milliseconds. */
    readonly shutdownGraceMs: number;
    /** Health and metrics of a worker that runs alone; 0 picks a free port. */
    readonly port: number;
  };
  /** `auto` is `pretty` on a terminal and `json` elsewhere. */
  readonly log: { readonly level: string; readonly format: 'auto' | 'json' | 'pretty' };
  /** Deploys every definition under `examples/` at start. */
  readonly deployExamples: boolean;
}
