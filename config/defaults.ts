import { defaultLimits, defaultNamespace, defaultTaskQueue } from '../workflows/contract.ts';

/**
 * Every setting with its built-in default, in the shape of `temporal-config.yaml`; an empty text means "not set". The
 * shipped file says the same, but for `outgoing.allow`: there it lets the examples reach their own services.
 */
export const defaults = {
  api: { host: '127.0.0.1', port: 8080, keys: [], maxBodyBytes: 4_194_304 },
  temporal: {
    address: '',
    namespace: defaultNamespace,
    taskQueue: defaultTaskQueue,
    retentionDays: 30,
    apiKey: '',
    tls: { enabled: 'auto', certFile: '', keyFile: '', caFile: '', serverName: '' },
    uiUrl: '',
    devServer: { port: 7233, uiPort: 8233 },
  },
  store: 'sqlite:perdure.db',
  bindings: {},
  events: 'memory:',
  locks: 'temporal:',
  discovery: { url: 'static:', services: {}, service: 'perdure', host: '', port: 0, ttlMs: 15_000 },
  inbox: { keepMs: 600_000 },
  deadLetters: { afterAttempts: 5, keepMs: 604_800_000, max: 10_000, contentBytes: 1_000_000 },
  bridge: { concurrency: 100, signalsPerSecond: 5, shutdownGraceMs: 10_000, port: 8082 },
  lifecycle: 'off',
  data: '.perdure',
  outgoing: { allow: [], maxRedirects: 5, grpc: { tls: [], protoFolder: '' } },
  secrets: { environmentPrefix: 'PERDURE_SECRET_', folder: '' },
  run: {
    javascript: true,
    python: false,
    shell: false,
    container: false,
    mcpStdio: false,
    isolation: 'required',
    pythonCommand: 'python3',
    visibleFolders: [],
    concurrency: 4,
    limits: {
      cpuSeconds: 10,
      memoryBytes: 268_435_456,
      outputBytes: 1_048_576,
      fileBytes: 67_108_864,
      processes: 64,
    },
    docker: { host: '', network: '', volumes: [] },
  },
  limits: { ...defaultLimits, maxAliases: 100 },
  worker: {
    maxConcurrentActivities: 100,
    maxConcurrentWorkflowTasks: 40,
    maxCachedWorkflows: 500,
    shutdownGraceMs: 10_000,
    port: 8081,
  },
  log: { level: 'info', format: 'auto' },
  deployExamples: true,
} as const;
