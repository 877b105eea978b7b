import { standardFault } from '../../dsl/errors.ts';
import type { Json, JsonObject } from '../../dsl/json.ts';
import { withoutCredentials } from '../../network/credential-headers.ts';
import type { HttpReply } from '../../network/http-sender.ts';
import { charset, isJsonType, isTextType, mediaType } from './media-type.ts';
import type { Redactor } from '../secrets/redaction.ts';

/** The three forms of a call's output ("HTTP Call", `output`). */
export type OutputForm = 'raw' | 'content' | 'response';

/** Deeper JSON would overflow the stack of whatever walks it next. */
const maxDepth = 500;

/**
 * The output of a call: `raw` is the body in base64, `content` the body read by its media type, `response` both sides
 * of the exchange with the method in lower case as definitions write it. Without secrets and credential headers.
 */
export function replyOutput(
  form: OutputForm,
  reply: HttpReply,
  requestHeaders: Readonly<Record<string, string>>,
  redactor: Redactor,
  reference: string,
): Json {
  switch (form) {
    case 'raw':
      return base64(redactor.bytes(reply.body));
    case 'content':
      return replyContent(reply, redactor, reference);
    case 'response':
      return {
        request: redactor.json({
          method: reply.method.toLowerCase(),
          uri: reply.url,
          headers: withoutCredentials(requestHeaders),
        }),
        statusCode: reply.status,
        headers: redactor.json(withoutCredentials(reply.headers) satisfies JsonObject),
        content: replyContent(reply, redactor, reference),
      };
  }
}

/**
 * The body as a value: JSON parsed, text as text, anything else in base64, null when empty. A body without a media
 * type is text if it is valid UTF-8. Faults with `communication`, 502, when JSON was announced and is not there.
 */
function replyContent(reply: HttpReply, redactor: Redactor, reference: string): Json {
  if (reply.body.length === 0) return null;
  const contentType = reply.headers['content-type'];
  const type = mediaType(contentType);
  if (isJsonType(type)) return redactor.json(parseJson(decode(reply.body, 'utf-8'), type, reference));
  if (isTextType(type)) return redactor.text(decode(reply.body, charset(contentType)));
  const text = type === '' ? utf8(reply.body) : undefined;
  return text === undefined ? base64(redactor.bytes(reply.body)) : redactor.text(text);
}

function parseJson(text: string, type: string, reference: string): Json {
  const fault = (detail: string, cause?: unknown): Error =>
    standardFault('communication', reference, detail, { status: 502, title: 'Invalid Response', cause });
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch (error) {
    // V8's message quotes the body, which is not ours to repeat.
    throw fault(`the answer says ${type} and is not JSON`, error);
  }
  if (depth(value) > maxDepth) throw fault(`the answer's JSON is nested deeper than ${maxDepth} levels`);
  return value;
}

function depth(value: Json): number {
  let levels = 0;
  for (let level: readonly Json[] = [value]; level.length > 0; levels++) {
    level = level.flatMap((item) => (typeof item === 'object' && item !== null ? Object.values(item) : []));
  }
  return levels;
}

function decode(bytes: Uint8Array, label: string): string {
  try {
    return new TextDecoder(label).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
