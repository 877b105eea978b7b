import { isJsonObject } from '../../dsl/json.ts';
import type { Json, JsonObject } from '../../dsl/json.ts';
import { AsyncapiError, resolveMembers, resolveNode } from './asyncapi-document.ts';
import type { AsyncapiDocument } from './asyncapi-document.ts';
import type { ChannelOperation } from './asyncapi-operation.ts';
import { isSameProtocol, protocolNames, spokenProtocol } from './protocols.ts';
import type { Protocol } from './protocols.ts';

/** A server of the document with its variables filled in. */
export interface DescribedServer {
  readonly protocol: Protocol;
  /** Whether MQTT 5 is spoken rather than 3.1.1. */
  readonly isMqtt5: boolean;
  readonly secure: boolean;
  /** Without brackets. */
  readonly host: string;
  readonly port: number;
  /** What follows the host, without a slash at the end: empty, or begins with one. */
  readonly path: string;
  readonly node: JsonObject;
  /** The security scheme that the operation, or else the server, names first. */
  readonly security?: JsonObject;
}

/** What the call says about the server. */
export interface WantedServer {
  readonly name?: Json;
  readonly variables?: Json;
  readonly protocol?: Json;
}

/**
 * The server of a call ("AsyncAPI Call", `server` and `protocol`): the one that it names, else the channel's first of
 * the protocol, else the channel's first. Throws AsyncapiError where there is none, or its protocol is not spoken.
 */
export function selectServer(
  document: AsyncapiDocument,
  operation: ChannelOperation,
  wanted: WantedServer,
): DescribedServer {
  const node = chosenServer(operation.servers, wanted);
  const name = textOf(node.protocol);
  const spoken = spokenProtocol(name);
  if (spoken === undefined) {
    throw new AsyncapiError(`the protocol "${name}" is not spoken: ${protocolNames} are`);
  }
  const place = document.version === '3' ? `${textOf(node.host)}${textOf(node.pathname)}` : textOf(node.url);
  const filled = withVariables(place, resolveMembers(document, node.variables), wanted.variables);
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(filled)?.[1]?.toLowerCase() ?? '';
  const bare = filled.replace(/^[a-z][a-z0-9+.-]*:\/\//i, '').replace(/^[^/?#@]*@/, '');
  if (!URL.canParse(`http://${bare}`)) throw new AsyncapiError(`the server "${filled}" has no host`);
  const { hostname, pathname } = new URL(`http://${bare}`);
  const port = /^[^/?#]*?:(\d+)(?:[/?#]|$)/.exec(bare.replace(/^\[[^\]]*\]/, ''))?.[1];
  return {
    protocol: spoken.protocol,
    isMqtt5: name.toLowerCase() === 'mqtt5' || textOf(node.protocolVersion).startsWith('5'),
    // A URL may say it where the protocol's name does not.
    secure: spoken.secure || scheme === 'tls' || spokenProtocol(scheme)?.secure === true,
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === undefined ? spoken.port : Number(port),
    path: pathname.replace(/\/+$/, ''),
    node,
    security: securityOf(document, operation.operation.security ?? node.security),
  };
}

function chosenServer(
  servers: ReadonlyMap<string, JsonObject>,
  { name, protocol }: WantedServer,
): JsonObject {
  const known = `it has ${[...servers.keys()].join(', ') || 'none'}`;
  if (typeof name === 'string') {
    const named = servers.get(name);
    if (named !== undefined) return named;
    throw new AsyncapiError(`the channel has no server "${name}": ${known}`);
  }
  for (const server of servers.values()) {
    if (typeof protocol !== 'string' || isSameProtocol(textOf(server.protocol), protocol)) return server;
  }
  const of = typeof protocol === 'string' ? ` of the protocol ${protocol}` : '';
  throw new AsyncapiError(`the channel has no server${of}: ${known}`);
}

function withVariables(
  text: string,
  variables: ReadonlyMap<string, JsonObject>,
  given: Json | undefined,
): string {
  const values = isJsonObject(given) ? given : {};
  return text.replace(/\{([^{}]+)\}/g, (_match, name: string) => {
    const variable = variables.get(name) ?? {};
    const value = Object.hasOwn(values, name) ? values[name] : variable.default;
    if (typeof value !== 'string' && typeof value !== 'number') {
      throw new AsyncapiError(`the server variable "${name}" has no value`);
    }
    const allowed = Array.isArray(variable.enum) ? (variable.enum as readonly Json[]).map(String) : [];
    if (allowed.length > 0 && !allowed.includes(String(value))) {
      throw new AsyncapiError(
        `"${value}" is not a value of the server variable "${name}": ${allowed.join(', ')} are`,
      );
    }
    return String(value);
  });
}

/** In AsyncAPI 3 a list of schemes, in 2 of objects whose keys name schemes. */
function securityOf(document: AsyncapiDocument, security: Json | undefined): JsonObject | undefined {
  const [first]: readonly (Json | undefined)[] = Array.isArray(security) ? security : [];
  if (!isJsonObject(first)) return undefined;
  if (document.version === '3') return resolveNode(document, first);
  const { components } = document.root;
  const schemes = isJsonObject(components) ? resolveMembers(document, components.securitySchemes) : undefined;
  return schemes?.get(Object.keys(first)[0] ?? '');
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
