import { ConfigError } from './config-error.ts';
import type { ConfigProblem } from './config-error.ts';
import type { Environment } from './interpolate.ts';

/** The environment variable that overrides each setting. Temporal's own names are those of its client configuration. */
export const variables: Readonly<Record<string, string>> = {
  'api.host': 'HOST',
  'api.port': 'PORT',
  'api.keys': 'PERDURE_API_KEYS',
  'temporal.address': 'TEMPORAL_ADDRESS',
  'temporal.namespace': 'TEMPORAL_NAMESPACE',
  'temporal.taskQueue': 'PERDURE_TASK_QUEUE',
  'temporal.apiKey': 'TEMPORAL_API_KEY',
  'temporal.tls.enabled': 'TEMPORAL_TLS',
  'temporal.tls.certFile': 'TEMPORAL_TLS_CLIENT_CERT_PATH',
  'temporal.tls.keyFile': 'TEMPORAL_TLS_CLIENT_KEY_PATH',
  'temporal.tls.caFile': 'TEMPORAL_TLS_SERVER_CA_CERT_PATH',
  'temporal.tls.serverName': 'TEMPORAL_TLS_SERVER_NAME',
  'temporal.uiUrl': 'PERDURE_TEMPORAL_UI_URL',
  'temporal.devServer.port': 'PERDURE_TEMPORAL_PORT',
  'temporal.devServer.uiPort': 'PERDURE_TEMPORAL_UI_PORT',
  store: 'PERDURE_STORE',
  events: 'PERDURE_EVENTS',
  locks: 'PERDURE_LOCKS',
  'discovery.url': 'PERDURE_DISCOVERY',
  'discovery.service': 'PERDURE_DISCOVERY_SERVICE',
  'discovery.host': 'PERDURE_DISCOVERY_HOST',
  'discovery.port': 'PERDURE_DISCOVERY_PORT',
  'bridge.port': 'PERDURE_BRIDGE_PORT',
  lifecycle: 'PERDURE_LIFECYCLE',
  data: 'PERDURE_DATA',
  'outgoing.allow': 'PERDURE_OUTGOING_ALLOW',
  'outgoing.grpc.protoFolder': 'PERDURE_PROTO_FOLDER',
  'secrets.environmentPrefix': 'PERDURE_SECRET_PREFIX',
  'secrets.folder': 'PERDURE_SECRETS_FOLDER',
  'run.javascript': 'PERDURE_RUN_JAVASCRIPT',
  'run.python': 'PERDURE_RUN_PYTHON',
  'run.shell': 'PERDURE_RUN_SHELL',
  'run.container': 'PERDURE_RUN_CONTAINER',
  'run.mcpStdio': 'PERDURE_RUN_MCP_STDIO',
  'run.isolation': 'PERDURE_RUN_ISOLATION',
  'run.pythonCommand': 'PERDURE_RUN_PYTHON_COMMAND',
  'run.docker.host': 'DOCKER_HOST',
  'worker.port': 'PERDURE_WORKER_PORT',
  'log.level': 'PERDURE_LOG_LEVEL',
  'log.format': 'PERDURE_LOG_FORMAT',
  deployExamples: 'PERDURE_DEPLOY_EXAMPLES',
};

/** Temporal's variables that would weaken or change the connection if they were passed over in silence. */
const refused: Readonly<Record<string, string>> = {
  TEMPORAL_TLS_CLIENT_CERT_DATA: 'TEMPORAL_TLS_CLIENT_CERT_PATH',
  TEMPORAL_TLS_CLIENT_KEY_DATA: 'TEMPORAL_TLS_CLIENT_KEY_PATH',
  TEMPORAL_TLS_SERVER_CA_CERT_DATA: 'TEMPORAL_TLS_SERVER_CA_CERT_PATH',
};

/** The overrides that are set, by path of the setting; a variable that is empty counts as unset. */
export function environmentOverrides(environment: Environment): ReadonlyMap<string, unknown> {
  const problems: ConfigProblem[] = [];
  for (const [name, instead] of Object.entries(refused)) {
    if (environment[name] === undefined || environment[name] === '') continue;
    problems.push({
      source: name,
      path: '',
      detail: `is not read; write the text to a file and name it in ${instead}`,
    });
  }
  if (problems.length > 0) throw new ConfigError(problems);
  const overrides = new Map<string, unknown>();
  for (const [path, name] of Object.entries(variables)) {
    const text = environment[name];
    if (text !== undefined && text !== '') overrides.set(path, valueOf(path, text));
  }
  return overrides;
}

function valueOf(path: string, text: string): unknown {
  if (path === 'outgoing.allow') return listOf(text);
  if (path === 'lifecycle') return text === 'off' || text === 'all' ? text : listOf(text);
  if (path !== 'api.keys') return text;
  return listOf(text).map((entry) => {
    const colon = entry.lastIndexOf(':');
    return { name: entry.slice(0, Math.max(colon, 0)), sha256: entry.slice(colon + 1) };
  });
}

function listOf(text: string): string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}
