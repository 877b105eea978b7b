import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ConfigError } from './config-error.ts';
import { loadSettings } from './load-settings.ts';

const project = resolve(__dirname, '..');
const digest = 'ab'.repeat(32);
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'perdure-config-'));
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

function load(yaml: string, env: Record<string, string> = {}) {
  writeFileSync(join(root, 'temporal-config.yaml'), yaml);
  return loadSettings({ root, env });
}

/** The lines of the error, with the file's name in place of its path. */
function problemsOf(yaml: string, env: Record<string, string> = {}): string[] {
  try {
    load(yaml, env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const [title, ...lines] = error.message.replaceAll(`${root}/`, '').split('\n');
    expect(title).toBe('The configuration cannot be used:');
    return lines.map((line) => line.trim());
  }
  return [];
}

describe('order', () => {
  test('without a file the defaults hold, and nothing private may be called', () => {
    const settings = loadSettings({ root, env: {} });
    expect(settings).toMatchObject({
      api: { host: '127.0.0.1', port: 8080, keys: [] },
      store: 'sqlite:perdure.db',
      data: join(root, '.perdure'),
      outgoing: { allow: [] },
    });
    expect(settings.temporal).toMatchObject({ address: undefined, tls: undefined, uiUrl: undefined });
  });

  test('the file wins over the defaults, the environment over the file', () => {
    const yaml = 'api:\n  port: 1\n  host: ::1\nworker:\nlog:\n  level: debug\n';
    const settings = load(yaml, { PORT: '2', HOST: '', PERDURE_LOG_FORMAT: 'pretty' });
    expect(settings.api).toMatchObject({ port: 2, host: '::1', maxBodyBytes: 4_194_304 });
    expect(settings.log).toEqual({ level: 'debug', format: 'pretty' });
    expect(settings.worker.maxConcurrentActivities).toBe(100);
  });

  test('an empty file is fine', () => {
    expect(load('# nothing\n').api.port).toBe(8080);
  });

  test('PERDURE_CONFIG chooses another file, and must name one', () => {
    writeFileSync(join(root, 'other.yaml'), 'api: { port: 3 }');
    expect(load('api: { port: 4 }', { PERDURE_CONFIG: 'other.yaml' }).api.port).toBe(3);
    expect(problemsOf('', { PERDURE_CONFIG: 'missing.yaml' })).toEqual([
      'missing.yaml: expected a file that can be read, found nothing',
    ]);
  });

  test('every variable reaches its setting', () => {
    const settings = load('', {
      HOST: '0.0.0.0',
      PORT: '1',
      PERDURE_API_KEYS: `shop:${digest}, ops:${digest.toUpperCase()}`,
      TEMPORAL_ADDRESS: 'temporal:7233',
      TEMPORAL_NAMESPACE: 'n',
      PERDURE_TASK_QUEUE: 'q',
      TEMPORAL_API_KEY: 'secret',
      TEMPORAL_TLS_CLIENT_CERT_PATH: 'cert.pem',
      TEMPORAL_TLS_CLIENT_KEY_PATH: '/key.pem',
      TEMPORAL_TLS_SERVER_CA_CERT_PATH: 'ca.pem',
      TEMPORAL_TLS_SERVER_NAME: 'name',
      PERDURE_TEMPORAL_UI_URL: 'https://ui.example',
      PERDURE_TEMPORAL_PORT: '2',
      PERDURE_TEMPORAL_UI_PORT: '3',
      PERDURE_STORE: 'sqlite:x.db',
      PERDURE_EVENTS: 'https://sink.example/events',
      PERDURE_DATA: '/data',
      PERDURE_OUTGOING_ALLOW: 'a, b:1,',
      PERDURE_SECRET_PREFIX: 'S_',
      PERDURE_SECRETS_FOLDER: '/run/secrets',
      PERDURE_WORKER_PORT: '4',
      PERDURE_LOG_LEVEL: 'warn',
      PERDURE_LOG_FORMAT: 'pretty',
      PERDURE_DEPLOY_EXAMPLES: 'false',
    });
    expect(settings).toMatchObject({
      api: {
        host: '0.0.0.0',
        port: 1,
        keys: [
          { name: 'shop', sha256: digest },
          { name: 'ops', sha256: digest },
        ],
      },
      temporal: {
        address: 'temporal:7233',
        namespace: 'n',
        taskQueue: 'q',
        apiKey: 'secret',
        tls: {
          certFile: join(root, 'cert.pem'),
          keyFile: '/key.pem',
          caFile: join(root, 'ca.pem'),
          serverName: 'name',
        },
        uiUrl: 'https://ui.example',
        devServer: { port: 2, uiPort: 3 },
      },
      store: 'sqlite:x.db',
      events: 'https://sink.example/events',
      data: '/data',
      outgoing: { allow: ['a', 'b:1'] },
      secrets: { environmentPrefix: 'S_', folder: '/run/secrets' },
      worker: { port: 4 },
      log: { level: 'warn', format: 'pretty' },
      deployExamples: false,
    });
  });

  test.each([
    [{ TEMPORAL_TLS: 'true' }, {}],
    [{ TEMPORAL_API_KEY: 'k' }, {}],
    [{ TEMPORAL_API_KEY: 'k', TEMPORAL_TLS: 'false' }, undefined],
    [{ TEMPORAL_TLS_SERVER_NAME: 'n' }, { serverName: 'n' }],
    [{}, undefined],
  ])('TLS with %j', (env, expected) => {
    expect(load('', env).temporal.tls).toEqual(expected);
  });
});

describe('interpolation', () => {
  test('variables, defaults and escapes, in lists too', () => {
    const yaml = [
      'data: /var/${STAGE}/x-${EMPTY:-none}',
      'api: { port: "${MY_PORT:-9}" }',
      'outgoing: { allow: ["127.0.0.1:${P:-7411}", "$${x}"] }',
    ].join('\n');
    const settings = load(yaml, { STAGE: 'live', EMPTY: '' });
    expect(settings.data).toBe('/var/live/x-none');
    expect(settings.api.port).toBe(9);
    expect(settings.outgoing.allow).toEqual(['127.0.0.1:7411', '${x}']);
  });

  test('what a variable holds is not interpolated again', () => {
    expect(load('data: ${A}', { A: '/${B}' }).data).toBe('/${B}');
  });

  test('an unset variable and a malformed reference name file, line and setting', () => {
    expect(problemsOf('api:\n  host: ${NOPE}\ndata: ${a b}\nstore: "${"\n')).toEqual([
      'temporal-config.yaml:2 (api.host): the environment variable NOPE is not set; set it, or write ${NOPE:-default}',
      'temporal-config.yaml:3 (data): expected ${NAME} or ${NAME:-default}, found "${a b}"; write $${ for a literal ${',
      'temporal-config.yaml:4 (store): expected ${NAME} or ${NAME:-default}, found "${"; write $${ for a literal ${',
    ]);
  });
});

describe('lifecycle events', () => {
  test.each<[string, string | undefined, readonly string[]]>([
    ['', undefined, []],
    ['lifecycle: off', undefined, []],
    ['lifecycle: [task.faulted, workflow.started]', undefined, ['workflow.started', 'task.faulted']],
    ['lifecycle: all', '*.resumed, task.retried', ['workflow.resumed', 'task.resumed', 'task.retried']],
    ['lifecycle: all', 'off', []],
  ])('%j and the variable %j choose %j', (yaml, PERDURE_LIFECYCLE, kinds) => {
    expect(load(yaml, PERDURE_LIFECYCLE === undefined ? {} : { PERDURE_LIFECYCLE }).lifecycle).toEqual(kinds);
  });
});

describe('errors', () => {
  test('all problems come at once, from the file and from the environment', () => {
    const yaml = 'api:\n  prot: 1\n  maxBodyBytes: lots\nlogg: {}\nlog:\n  level: loud\nlimits: 5\nquux: 1\n';
    expect(problemsOf(yaml, { PORT: 'http', PERDURE_DEPLOY_EXAMPLES: 'maybe' }).sort()).toEqual([
      'PERDURE_DEPLOY_EXAMPLES (deployExamples): expected true or false, found "maybe"',
      'PORT (api.port): expected a port, a whole number from 0 to 65535, found "http"',
      'temporal-config.yaml:2 (api.prot): is not a setting; did you mean api.port?',
      'temporal-config.yaml:3 (api.maxBodyBytes): expected bytes, a whole number from 1024, found "lots"',
      'temporal-config.yaml:4 (logg): is not a setting; did you mean log?',
      'temporal-config.yaml:6 (log.level): expected fatal, error, warn, info, debug, trace or silent, found "loud"',
      'temporal-config.yaml:7 (limits): expected a mapping, found 5',
      'temporal-config.yaml:8 (quux): is not a setting',
    ]);
  });

  test('a setting in the wrong section is pointed to the right one', () => {
    expect(problemsOf('taskQueue: x')).toEqual([
      'temporal-config.yaml:1 (taskQueue): is not a setting; did you mean temporal.taskQueue?',
    ]);
  });

  test.each([
    ['[1, 2]', 'temporal-config.yaml: expected a mapping, found [1,2]'],
    ['api: []', 'temporal-config.yaml:1 (api): expected a mapping, found []'],
    [
      'api:\n  port: 70000',
      'temporal-config.yaml:2 (api.port): expected a port, a whole number from 0 to 65535, found 70000',
    ],
    [
      'store: Postgres://ann:pass@db/x',
      'temporal-config.yaml:1 (store): expected a URL such as sqlite:perdure.db, found "Postgres://***@db/x"',
    ],
    ['outgoing:\n  allow: x', 'temporal-config.yaml:2 (outgoing.allow): expected a list of hosts, found "x"'],
    [
      'outgoing:\n  allow:\n    - ok\n    - http://x/',
      'temporal-config.yaml:4 (outgoing.allow.1): expected a host, host:port or address, without scheme and path, or service://name, found "http://x/"',
    ],
    [
      'lifecycle: on',
      'temporal-config.yaml:1 (lifecycle): expected off, all, or a list of kinds such as task.faulted or workflow.*, found "on"',
    ],
    [
      'lifecycle: [workflow.*, task.fault]',
      'temporal-config.yaml:1 (lifecycle.1): expected a kind such as task.faulted or workflow.*, found "task.fault"',
    ],
    [
      'lifecycle: 5',
      'temporal-config.yaml:1 (lifecycle): expected off, all, or a list of kinds such as task.faulted or workflow.*, found 5',
    ],
    ['store: here', 'temporal-config.yaml:1 (store): expected a URL such as sqlite:perdure.db, found "here"'],
    ['constructor: 1', 'temporal-config.yaml:1 (constructor): is not a setting'],
  ])('%j', (yaml, line) => {
    expect(problemsOf(yaml)).toEqual([line]);
  });

  test('what is not YAML is said with its line', () => {
    const [line] = problemsOf('api:\n  port: 1\n  port: 2\n');
    expect(line).toMatch(/^temporal-config\.yaml:3: expected YAML, found: .*unique/i);
  });

  test('keys are never printed', () => {
    const lines = problemsOf('temporal:\n  apiKey: top secret\n', {
      PERDURE_API_KEYS: 'shop:top-secret,alone',
    });
    expect(lines.sort()).toEqual([
      'PERDURE_API_KEYS (api.keys.0.sha256): expected the SHA-256 of the key, 64 hexadecimal digits, found a text of 10 characters',
      'PERDURE_API_KEYS (api.keys.1.name): expected a name of letters, digits, ".", "_" or "-", at most 64, found ""',
      'PERDURE_API_KEYS (api.keys.1.sha256): expected the SHA-256 of the key, 64 hexadecimal digits, found a text of 5 characters',
      'temporal-config.yaml:2 (temporal.apiKey): expected an API key without spaces, found a text of 10 characters',
    ]);
  });

  test('certificates as text are refused with the way out', () => {
    expect(problemsOf('', { TEMPORAL_TLS_CLIENT_KEY_DATA: 'PEM' })).toEqual([
      'TEMPORAL_TLS_CLIENT_KEY_DATA: is not read; write the text to a file and name it in TEMPORAL_TLS_CLIENT_KEY_PATH',
    ]);
  });
});

describe('the shipped file', () => {
  test('says what the built-in defaults are, and allows the examples their own services', () => {
    const shipped = loadSettings({ root: project, env: {} });
    const builtIn = loadSettings({ root, env: {} });
    expect(shipped).toEqual({
      ...builtIn,
      data: join(project, '.perdure'),
      outgoing: { ...builtIn.outgoing, allow: ['127.0.0.1:7411'] },
    });
    const moved = loadSettings({ root: project, env: { PERDURE_EXAMPLES_PORT: '7500' } });
    expect(moved.outgoing.allow).toEqual(['127.0.0.1:7500']);
  });
});
