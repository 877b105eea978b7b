import { z } from 'zod';
import { maxDepth } from '../dsl/expressions/limits.ts';
import { lifecycleKindsLike } from '../workflows/contract.ts';

/** The messages say what was expected; what was found and where is added where the file is known. */
function text(expected: string, pattern: RegExp) {
  return z.string(expected).regex(pattern, expected);
}

/** Texts count too: the environment and `${NAME}` know nothing else. */
function whole(expected: string, min: number, max = Number.MAX_SAFE_INTEGER) {
  const range = `${expected}, a whole number from ${min}${max === Number.MAX_SAFE_INTEGER ? '' : ` to ${max}`}`;
  return z.preprocess(
    (value) => (typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value),
    z.int(range).min(min, range).max(max, range),
  );
}

const truth = z.preprocess(
  (value) => (value === 'true' || value === '1' ? true : value === 'false' || value === '0' ? false : value),
  z.boolean('true or false'),
);

/** Text that may be left out: empty means "not set". */
function optional(expected: string, pattern: RegExp) {
  return z
    .string(expected)
    .refine((value) => value === '' || pattern.test(value), expected)
    .transform((value) => (value === '' ? undefined : value));
}

const lifecycleKind = 'a kind such as task.faulted or workflow.*';

const port = whole('a port', 0, 65_535);
const optionalFile = optional('the path of a file', /\S/);
const httpUrl = /^https?:\/\/\S+$/;
const keyName = 'a name of letters, digits, ".", "_" or "-", at most 64';
const section = 'a mapping';

/** The shape of `temporal-config.yaml` after defaults, interpolation and environment were put together. */
export const fileSchema = z.strictObject(
  {
    api: z.strictObject(
      {
        host: text('an address or host name to bind', /^\S+$/),
        port,
        keys: z.array(
          z.strictObject(
            {
              name: text(keyName, /^[\w.-]{1,64}$/),
              sha256: text('the SHA-256 of the key, 64 hexadecimal digits', /^[0-9a-f]{64}$/i).toLowerCase(),
            },
            'a mapping with name and sha256',
          ),
          'a list of keys, each with name and sha256',
        ),
        maxBodyBytes: whole('bytes', 1_024),
      },
      section,
    ),
    temporal: z.strictObject(
      {
        address: optional('host:port', /^\S+:\d{1,5}$/),
        namespace: text('the name of a namespace', /^\S+$/),
        taskQueue: text('the name of a task queue', /^\S+$/),
        retentionDays: whole('days', 1, 36_500),
        apiKey: optional('an API key without spaces', /^\S+$/),
        tls: z.strictObject(
          {
            enabled: z.preprocess(
              (value) => (value === '1' ? 'true' : value === '0' ? 'false' : String(value)),
              z.enum(['auto', 'true', 'false'], 'auto, true or false'),
            ),
            certFile: optionalFile,
            keyFile: optionalFile,
            caFile: optionalFile,
            serverName: optional('a host name', /^\S+$/),
          },
          section,
        ),
        uiUrl: optional('a URL with http: or https:', httpUrl),
        devServer: z.strictObject({ port, uiPort: port }, section),
      },
      section,
    ),
    store: text('a URL such as sqlite:perdure.db', /^[a-z][a-z+]*:\S+/),
    bindings: z.record(
      text(keyName, /^[\w.-]{1,64}$/),
      z.strictObject(
        {
          url: text('a URL such as postgres://user:password@host/database', /^[a-z][a-z+]*:\S+$/),
          access: z.enum(['read', 'write'], 'read or write').default('read'),
          rows: whole('a count', 1, 100_000).default(1_000),
          bytes: whole('bytes', 1_024, 1_900_000).default(1_000_000),
          timeoutMs: whole('milliseconds', 100, 3_600_000).default(30_000),
          rememberDays: whole('days', 1, 3_650).default(30),
        },
        'a mapping with url',
      ),
      'a mapping of names to databases',
    ),
    events: text(
      'memory:, or a URL with kafka:, kafkas:, amqp:, amqps:, nats:, natss:, redis:, rediss:, http: or https:',
      /^(?:memory:|(?:kafkas?|amqps?|natss?|rediss?|https?):\/\/\S+)$/,
    ),
    discovery: z.strictObject(
      {
        url: text(
          'static:, or a URL with consul:, consuls:, etcd:, etcds:, zookeeper: or dns:',
          /^(?:static|consuls?|etcds?|zookeeper|dns):\S*$/,
        ),
        services: z.record(
          text('the name of a service', /^[A-Za-z\d](?:[\w.-]{0,126}[A-Za-z\d])?$/),
          z.array(text('host:port', /^[^\s/]+$/), 'a list of host:port'),
          'a mapping of names to lists of host:port',
        ),
        service: text('the beginning of a name of services', /^[A-Za-z\d](?:[\w.-]{0,100}[A-Za-z\d])?$/),
        host: optional('an address or a name that others reach', /^[^\s/]+$/),
        port,
        ttlMs: whole('milliseconds', 1_000, 600_000),
      },
      section,
    ),
    locks: text(
      'temporal:, or a URL with redis:, rediss:, zookeeper:, etcd:, etcds:, consul: or consuls:',
      /^(?:temporal:|(?:rediss?|zookeeper|etcds?|consuls?):\/\/\S+)$/,
    ),
    inbox: z.strictObject({ keepMs: whole('milliseconds', 1_000, 86_400_000) }, section),
    deadLetters: z.strictObject(
      {
        afterAttempts: whole('a count', 1, 100),
        keepMs: whole('milliseconds', 60_000, 31_536_000_000),
        max: whole('a count', 100, 1_000_000),
        // A document of the store takes 4 MiB.
        contentBytes: whole('bytes', 1_024, 3_000_000),
      },
      section,
    ),
    bridge: z.strictObject(
      {
        concurrency: whole('a count', 1, 10_000),
        signalsPerSecond: whole('a count', 1, 1_000),
        shutdownGraceMs: whole('milliseconds', 0, 3_600_000),
        port,
      },
      section,
    ),
    lifecycle: z.union(
      [
        z.enum(['off', 'all']),
        z.array(
          z.string(lifecycleKind).refine((pattern) => lifecycleKindsLike(pattern).length > 0, lifecycleKind),
        ),
      ],
      'off, all, or a list of kinds such as task.faulted or workflow.*',
    ),
    data: text('the path of a folder', /\S/),
    outgoing: z.strictObject(
      {
        allow: z.array(
          text(
            'a host, host:port or address, without scheme and path, or service://name',
            /^(?:service(?:\+https)?:\/\/)?[^\s/]+$/,
          ),
          'a list of hosts',
        ),
        maxRedirects: whole('a count', 0, 100),
        grpc: z.strictObject(
          {
            tls: z.array(
              text('a host or host:port, without scheme', /^[\w.-]+(?::\d{1,5})?$/),
              'a list of hosts',
            ),
            protoFolder: optional('the path of a folder', /\S/),
          },
          section,
        ),
      },
      section,
    ),
    secrets: z.strictObject(
      {
        environmentPrefix: text(
          'the beginning of environment variables: capital letters, digits and "_", not empty',
          /^[A-Z_][A-Z0-9_]*$/,
        ),
        folder: optional('the path of a folder', /\S/),
      },
      section,
    ),
    run: z.strictObject(
      {
        javascript: truth,
        python: truth,
        shell: truth,
        container: truth,
        mcpStdio: truth,
        isolation: z.enum(['required', 'best-effort'], 'required or best-effort'),
        pythonCommand: text('the name or path of a program', /\S/),
        visibleFolders: z.array(text('an absolute path', /^\/./), 'a list of folders'),
        concurrency: whole('a count', 1, 1_000),
        limits: z.strictObject(
          {
            cpuSeconds: whole('seconds', 1, 86_400),
            memoryBytes: whole('bytes', 16_777_216),
            outputBytes: whole('bytes', 1_024, 67_108_864),
            fileBytes: whole('bytes', 4_096),
            processes: whole('a count', 1, 10_000),
          },
          section,
        ),
        docker: z.strictObject(
          {
            host: optional('a URL such as unix:///var/run/docker.sock', /^[a-z]+:\/\/\S+$/),
            network: optional('the name of a network', /^\S+$/),
            volumes: z.array(text('an absolute path', /^\/./), 'a list of folders'),
          },
          section,
        ),
      },
      section,
    ),
    limits: z.strictObject(
      {
        // Temporal refuses payloads over 2 MiB for ever; the envelope around a value needs some room.
        payloadBytes: whole('bytes', 1_024, 1_900_000),
        expressions: z.strictObject(
          {
            steps: whole('steps', 1_000, 1_000_000_000),
            depth: whole('levels', 100, maxDepth),
            outputBytes: whole('bytes', 1_024, 1_000_000_000),
            stringLength: whole('characters', 1_024, 500_000_000),
            arrayLength: whole('items', 1_000, 100_000_000),
            regexSteps: whole('steps', 1_000, 1_000_000_000),
          },
          section,
        ),
        tasksPerYield: whole('tasks', 1, 100_000),
        callTimeoutMs: whole('milliseconds', 100, 86_400_000),
        listedTasks: whole('task runs', 1, 5_000),
        // The server ends a history at 51,200 events.
        historyEvents: whole('events', 100, 40_000),
        maxAliases: whole('a count', 0, 10_000),
      },
      section,
    ),
    worker: z.strictObject(
      {
        maxConcurrentActivities: whole('a count', 1, 100_000),
        maxConcurrentWorkflowTasks: whole('a count', 2, 10_000),
        maxCachedWorkflows: whole('a count', 2, 100_000),
        shutdownGraceMs: whole('milliseconds', 0, 3_600_000),
        port,
      },
      section,
    ),
    log: z.strictObject(
      {
        level: z.enum(
          ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
          'fatal, error, warn, info, debug, trace or silent',
        ),
        format: z.enum(['auto', 'json', 'pretty'], 'auto, json or pretty'),
      },
      section,
    ),
    deployExamples: truth,
  },
  section,
);

export type CheckedFile = z.infer<typeof fileSchema>;
