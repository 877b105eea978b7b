import { isJsonObject } from '../../dsl/json.ts';
import type { Json, JsonObject } from '../../dsl/json.ts';
import { AsyncapiError, resolveMembers, resolveNode, resolveReference } from './asyncapi-document.ts';
import type { AsyncapiDocument } from './asyncapi-document.ts';
import { describeMessage } from './message-description.ts';
import type { MessageDescription } from './message-description.ts';

/** An operation with the channel that it is on, the same for AsyncAPI 2 and 3. */
export interface ChannelOperation {
  /** With `{parameters}` in it. */
  readonly address: string;
  readonly parameters: ReadonlyMap<string, JsonObject>;
  /** Values of parameters that the definition gave by naming a channel whose name has them filled in. */
  readonly given: Readonly<Record<string, string>>;
  /** The servers that the channel is on, by name, in the document's order. */
  readonly servers: ReadonlyMap<string, JsonObject>;
  readonly messages: readonly MessageDescription[];
  /** Where bindings are. */
  readonly channel: JsonObject;
  readonly operation: JsonObject;
  /** Any of the messages, for its bindings. */
  readonly message: JsonObject;
}

/** What the definition wants to do on the channel. */
export type Purpose = 'publish' | 'subscribe';

/**
 * Finds what an "AsyncAPI Call" names: `operation` in a document of 3, `channel` in one of 2, whose operation follows
 * from the purpose. Throws AsyncapiError where there is no such thing.
 */
export function findOperation(
  document: AsyncapiDocument,
  named: { readonly operation?: Json; readonly channel?: Json },
  purpose: Purpose,
): ChannelOperation {
  if (document.version === '3') {
    if (typeof named.operation === 'string') return operationOf3(document, named.operation);
    throw new AsyncapiError('a document of AsyncAPI 3 needs "operation" in the call, not "channel"');
  }
  if (typeof named.channel === 'string') return operationOf2(document, named.channel, purpose);
  throw new AsyncapiError('a document of AsyncAPI 2 needs "channel" in the call, not "operation"');
}

function operationOf3(document: AsyncapiDocument, name: string): ChannelOperation {
  const operation = resolveMembers(document, document.root.operations).get(name);
  if (operation === undefined) throw new AsyncapiError(`the document has no operation "${name}"`);
  const { node: channel, pointer } = resolveReference(document, operation.channel);
  const address = channel.address === undefined ? lastToken(pointer) : channel.address;
  if (typeof address !== 'string') throw new AsyncapiError(`the channel of "${name}" has no address`);
  const listed = operation.messages ?? Object.values(resolveNode(document, channel.messages ?? {}));
  const messages = nodesOf(document, listed);
  const all = resolveMembers(document, document.root.servers);
  const ownServers = listOf(channel.servers).map((server) =>
    lastToken(resolveReference(document, server).pointer),
  );
  return {
    address,
    parameters: resolveMembers(document, channel.parameters),
    given: {},
    servers: ownServers.length === 0 ? all : chosen(all, ownServers),
    messages: messages.map((message) => describeMessage(document, message)),
    channel,
    operation,
    message: messages[0] ?? {},
  };
}

function operationOf2(document: AsyncapiDocument, name: string, purpose: Purpose): ChannelOperation {
  const channels = resolveMembers(document, document.root.channels);
  const { address, given } = channelNamed([...channels.keys()], name);
  const channel = channels.get(address) ?? {};
  if (channel[purpose] === undefined) {
    throw new AsyncapiError(`the channel "${address}" has no operation "${purpose}"`);
  }
  const operation = resolveNode(document, channel[purpose]);
  const message = operation.message === undefined ? {} : resolveNode(document, operation.message);
  const messages = message.oneOf === undefined ? [message] : nodesOf(document, message.oneOf);
  const all = resolveMembers(document, document.root.servers);
  const ownServers = listOf(channel.servers).filter((server) => typeof server === 'string');
  return {
    address,
    parameters: resolveMembers(document, channel.parameters),
    given,
    servers: ownServers.length === 0 ? all : chosen(all, ownServers),
    messages: messages.map((item) => describeMessage(document, item)),
    channel,
    operation,
    message: messages[0] ?? {},
  };
}

/** The channel of this name, with or without a slash at the start, or the one whose template the name fits. */
function channelNamed(
  names: readonly string[],
  wanted: string,
): { readonly address: string; readonly given: Readonly<Record<string, string>> } {
  const bare = (name: string): string => name.replace(/^\//, '');
  const exact = names.find((name) => name === wanted) ?? names.find((name) => bare(name) === bare(wanted));
  if (exact !== undefined) return { address: exact, given: {} };
  for (const address of names) {
    const parameters: string[] = [];
    const pattern = bare(address)
      .split(/\{([^{}]+)\}/)
      .map((part, index) => {
        if (index % 2 === 0) return part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
        parameters.push(part);
        return '([^/]+)';
      })
      .join('');
    const values = parameters.length === 0 ? null : new RegExp(`^${pattern}$`).exec(bare(wanted));
    if (values !== null) {
      return { address, given: Object.fromEntries(parameters.map((key, at) => [key, values[at + 1] ?? ''])) };
    }
  }
  throw new AsyncapiError(`the document has no channel "${wanted}"`);
}

function chosen(all: ReadonlyMap<string, JsonObject>, names: readonly string[]): Map<string, JsonObject> {
  return new Map([...all].filter(([name]) => names.includes(name)));
}

function nodesOf(document: AsyncapiDocument, list: Json): JsonObject[] {
  return listOf(list).map((item) => resolveNode(document, item));
}

function listOf(value: Json | undefined): readonly Json[] {
  if (Array.isArray(value)) return value as readonly Json[];
  return isJsonObject(value) ? Object.values(value) : [];
}

function lastToken(pointer: string | undefined): string {
  const token = pointer?.split('/').at(-1) ?? '';
  return token.replaceAll('~1', '/').replaceAll('~0', '~');
}
