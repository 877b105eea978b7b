/** How CloudEvents lie in messages: written in structured mode, read in structured and binary mode. */
import { isUtf8 } from 'node:buffer';
import type { Json } from '../../dsl/json.ts';
import type { CloudEvent } from '../../workflows/contract.ts';

/** Of what is published. */
export const eventContentType = 'application/cloudevents+json; charset=utf-8';

/** A message as a broker gave it. */
export interface EventMessage {
  readonly body: Uint8Array;
  readonly contentType?: string;
  /** What its headers say as attributes of a CloudEvent in binary mode; empty where they say nothing. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** The event in the JSON format, in UTF-8. */
export function writeEvent(event: CloudEvent): Buffer {
  return Buffer.from(JSON.stringify(event));
}

/**
 * What a message says, in the JSON format: an event of either mode, else the body as JSON, else as a text. Nothing is
 * checked and nothing is refused. Bytes that are no UTF-8 are kept in an event, as `data_base64`, and nowhere else.
 */
export function readEventMessage({ body, contentType = '', attributes }: EventMessage): Json {
  const isStructured = /^application\/cloudevents(?!-batch)\b/i.test(contentType);
  if (isStructured || attributes['specversion'] === undefined) return readBody(body);
  const event: Record<string, Json> = { ...attributes };
  if (contentType !== '') event['datacontenttype'] = contentType;
  return { ...event, ...readData(body, contentType) };
}

/**
 * The headers that begin with `prefix`, as attributes. Values of some protocols are percent-encoded (HTTP's binding and
 * those after it); those of others are UTF-8.
 */
export function attributesOf(
  headers: Iterable<readonly [string, string]>,
  prefix: RegExp,
  isEncoded: boolean,
): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [name, value] of headers) {
    if (!prefix.test(name)) continue;
    attributes[name.replace(prefix, '').toLowerCase()] = isEncoded ? percentDecoded(value) : value;
  }
  return attributes;
}

function readBody(body: Uint8Array): Json {
  return jsonOrText(Buffer.from(body).toString());
}

function readData(body: Uint8Array, contentType: string): Readonly<Record<string, Json>> {
  if (body.length === 0) return {};
  const isText = /^text\/|[/+](?:json|xml)\b/i.test(contentType) || contentType === '';
  if (!isText || !isUtf8(body)) return { data_base64: Buffer.from(body).toString('base64') };
  const text = Buffer.from(body).toString();
  const isJson = /[/+]json\b/i.test(contentType) || contentType === '';
  return { data: isJson ? jsonOrText(text) : text };
}

function jsonOrText(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

function percentDecoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
