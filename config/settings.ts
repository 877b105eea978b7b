import type { ExecutionLimits, LifecycleKind } from '../workflows/contract.ts';

/** The processes that a worker runs for definitions, and within what. */
export interface RunSettings {
  readonly javascript: boolean;
  readonly python: boolean;
  readonly shell: boolean;
  readonly container: boolean;
  /** MCP servers that a call starts as a program. */
  readonly mcpStdio: boolean;
  /** `required`: Python and shell run only where namespaces of their own can be had. */
  readonly isolation: 'required' | 'best-effort';
  /** The interpreter of Python: a name on PATH, or a path. */
  readonly pythonCommand: string;
  /** Folders beside the system's own that Python and shell see, read-only. */
  readonly visibleFolders: readonly string[];
  /** Scripts and shells that run at the same time; others wait their turn. */
  readonly concurrency: number;
  /** For one script or shell with all that it starts. */
  readonly limits: {
    readonly cpuSeconds: number;
    readonly memoryBytes: number;
    /** Of standard output and standard error together. */
    readonly outputBytes: number;
    /** Of the folder for temporary files. */
    readonly fileBytes: number;
    readonly processes: number;
  };
  readonly docker: {
    /** `unix:///path`, `tcp://host:port`, or `https://host:port`; the engine's usual socket when absent. */
    readonly host?: string;
    /** The network of containers; the engine's default when absent. */
    readonly network?: string;
    /** Folders of the engine's host that containers may mount. */
    readonly volumes: readonly string[];
  };
}

/** A database for data steps: docs/data-steps.md. */
export interface BindingSettings {
  /** As that of the store. It may hold a password. */
  readonly url: string;
  /** Whether definitions may write there. */
  readonly access: 'read' | 'write';
  /** Most rows of one answer. */
  readonly rows: number;
  /** Most bytes of one answer's rows, as JSON. */
  readonly bytes: number;
  /** What one statement may take at most; a task's own timeout may be shorter. */
  readonly timeoutMs: number;
  /** How long a write of `sql.query` is remembered, so that a repeated step does not write again. */
  readonly rememberDays: number;
}

export interface DiscoverySettings {
  readonly url: string;
  /** `host:port` by the names of services, for `static:`. */
  readonly services: Readonly<Record<string, readonly string[]>>;
  /** What the names begin with under which API, workers and bridges register. */
  readonly service: string;
  /** Where others reach this process; absent: where it listens. */
  readonly host?: string;
  /** 0: the port that it listens on. */
  readonly port: number;
  /** How long after its last sign of life a process is given up, in milliseconds. */
  readonly ttlMs: number;
}

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
  /** `sqlite:PATH`, where a relative path is inside `data`, or the URL of a server. It may hold a password. */
  readonly store: string;
  /** The databases that data steps of definitions use, by the names that they have there. */
  readonly bindings: Readonly<Record<string, BindingSettings>>;
  /** `memory:`, or `http://…` / `https://…`, a sink that takes CloudEvents. */
  readonly events: string;
  /** `temporal:`, or a URL of another lock system. It may hold a password. */
  readonly locks: string;
  /** Where services are found by name, and how this process shows itself there. */
  readonly discovery: DiscoverySettings;
  /** How long an event is kept for listeners that begin after it came, in milliseconds. */
  readonly inbox: { readonly keepMs: number };
  /** Events that cannot be routed. */
  readonly deadLetters: {
    /** Tries after which one is set aside. */
    readonly afterAttempts: number;
    /** How long it is kept after its last try, in milliseconds. */
    readonly keepMs: number;
    /** Letters that are kept. */
    readonly max: number;
    /** Content of more bytes of JSON is cut. */
    readonly contentBytes: number;
  };
  readonly bridge: {
    /** Events in the hands of one bridge. */
    readonly concurrency: number;
    /** Signals with events that one process sends to one execution in the long run; what comes faster shares them. */
    readonly signalsPerSecond: number;
    /** How long a stopping bridge finishes what it has in its hands, in milliseconds. */
    readonly shutdownGraceMs: number;
    /** Health and metrics of a bridge that runs alone; 0 picks a free port. */
    readonly port: number;
  };
  /** The lifecycle events that executions publish; none when empty. */
  readonly lifecycle: readonly LifecycleKind[];
  /** Folder of local state, absolute. */
  readonly data: string;
  readonly outgoing: {
    /** Hosts and host:port that definitions may call although their addresses are loopback, link-local or private. */
    readonly allow: readonly string[];
    readonly maxRedirects: number;
    readonly grpc: {
      /** Services that are called over TLS, as host or host:port. Those on port 443 need no entry. */
      readonly tls: readonly string[];
      /** Absolute; where `file:` URIs of proto files are read. Absent: they are refused. */
      readonly protoFolder?: string;
    };
  };
  readonly secrets: {
    /** Secret `payment-key` is read from `<prefix>PAYMENT_KEY`; a JSON object in it is parsed. */
    readonly environmentPrefix: string;
    /** Absolute; secret `payment-key` is the file of that name in it, where the environment has none. */
    readonly folder?: string;
  };
  /** What `run: script`, `run: shell` and `run: container` may do on this worker. */
  readonly run: RunSettings;
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
