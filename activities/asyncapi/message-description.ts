import { atPointer, isJsonObject } from '../../dsl/json.ts';
import type { Json, JsonObject } from '../../dsl/json.ts';
import { resolveNode } from './asyncapi-document.ts';
import type { AsyncapiDocument } from './asyncapi-document.ts';

/** What a document says about a message of a channel, as far as sending and reading it need. */
export interface MessageDescription {
  readonly contentType?: string;
  /** Runtime expression of AsyncAPI: `$message.header#/id` or `$message.payload#/id`. */
  readonly correlationLocation?: string;
}

/** The description of a message, its traits included: what the message says itself comes first. */
export function describeMessage(document: AsyncapiDocument, message: JsonObject): MessageDescription {
  const traits = Array.isArray(message.traits) ? (message.traits as readonly Json[]) : [];
  const sources = [message, ...traits.map((trait) => resolveNode(document, trait))];
  const correlation = sources.find(({ correlationId }) => correlationId !== undefined)?.correlationId;
  return {
    contentType:
      textOf(sources.find(({ contentType }) => contentType !== undefined)?.contentType) ??
      textOf(document.root.defaultContentType),
    correlationLocation:
      correlation === undefined ? undefined : textOf(resolveNode(document, correlation).location),
  };
}

/** The value that an AsyncAPI runtime expression leads to in a message, as text; undefined where there is none. */
export function valueAt(
  location: string | undefined,
  message: { readonly headers?: Json; readonly payload?: Json },
): string | undefined {
  const { source, pointer } =
    /^\$message\.(?<source>header|payload)#(?<pointer>\/.*)?$/.exec(location ?? '')?.groups ?? {};
  if (source === undefined) return undefined;
  const value = valueUnder(source === 'header' ? message.headers : message.payload, pointer ?? '');
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

/** Transports write the names of headers as they like. */
function valueUnder(root: Json | undefined, pointer: string): Json | undefined {
  if (!isJsonObject(root)) return undefined;
  const found = atPointer(root, pointer);
  if (found !== undefined) return found;
  const name = Object.keys(root).find((key) => `/${key}`.toLowerCase() === pointer.toLowerCase());
  return name === undefined ? undefined : root[name];
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
