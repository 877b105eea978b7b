import { isNativeError } from 'node:util/types';
import { WorkflowFault } from '../../dsl/errors.ts';
import { isJsonObject } from '../../dsl/json.ts';
import type { Json } from '../../dsl/json.ts';

/** What stands where a secret was. */
const mask = '***';

/**
 * Shorter values are replaced only where they are the whole text: inside longer texts they would hit everything
 * ("on", "12"), and hide nothing that could not be guessed.
 */
const shortestPart = 4;

/** Takes secrets out of what leaves a call. */
export interface Redactor {
  /** Makes a further value secret, in its plain, escaped, percent-encoded and base64 forms. */
  learn(value: string): void;
  /** Whether the text holds a secret. */
  finds(text: string): boolean;
  text(text: string): string;
  /** The value with every text in it redacted, keys included; numbers of a secret too. */
  json(value: Json): Json;
  bytes(bytes: Uint8Array): Uint8Array;
  /** The same error without secrets in what it says, its stack and its causes. */
  error(error: unknown): unknown;
}

/** A redactor of the values, at any depth, of these secrets. */
export function createRedactor(secrets: Iterable<Json>): Redactor {
  const wholes = new Set<string>();
  let parts: readonly string[] = [];

  const learn = (value: string): void => {
    if (value === '') return;
    wholes.add(value);
    if (value.length < shortestPart) return;
    // The longest first: a secret that contains another one goes as a whole.
    parts = [...new Set([...parts, ...forms(value)])].sort((left, right) => right.length - left.length);
  };
  for (const secret of secrets) for (const value of leaves(secret)) learn(value);

  const text = (original: string): string => {
    if (wholes.has(original)) return mask;
    return parts.reduce((rest, part) => rest.replaceAll(part, mask), original);
  };

  const json = (value: Json): Json => {
    if (wholes.size === 0) return value;
    if (typeof value === 'string') return text(value);
    if (typeof value === 'number') {
      const digits = String(value);
      return digits.length >= shortestPart && wholes.has(digits) ? mask : value;
    }
    if (Array.isArray(value)) return (value as readonly Json[]).map(json);
    if (!isJsonObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [text(key), json(member)]));
  };

  return {
    learn,
    finds: (original) => text(original) !== original,
    text,
    json,
    bytes: (bytes) => parts.reduce((rest, part) => withoutPart(rest, Buffer.from(part)), bytes),
    error: (error) => (wholes.size === 0 ? error : redactedError(error, text)),
  };
}

function leaves(value: Json): string[] {
  if (typeof value === 'string') return [value];
  // Short numbers (a port, a count) are no secrets, and equal ones are everywhere.
  if (typeof value === 'number') return String(value).length >= shortestPart ? [String(value)] : [];
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap(leaves);
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, member]) => (isChoice(key, member) ? [] : leaves(member)));
}

/** What a secret that holds a whole policy chooses from the language's own words ("OAUTH2 Authentication"). */
const choices: Readonly<Record<string, RegExp>> = {
  grant:
    /^(authorization_code|client_credentials|password|refresh_token|urn:ietf:params:oauth:grant-type:.*)$/,
  authentication: /^(client_secret_(basic|post|jwt)|private_key_jwt|none)$/,
  encoding: /^application\/(json|x-www-form-urlencoded)$/,
};

function isChoice(key: string, value: Json): boolean {
  return typeof value === 'string' && Object.hasOwn(choices, key) && choices[key]?.test(value) === true;
}

function forms(value: string): string[] {
  const bytes = Buffer.from(value);
  return [
    value,
    JSON.stringify(value).slice(1, -1),
    encodeURIComponent(value.toWellFormed()),
    new URLSearchParams([['', value]]).toString().slice(1),
    bytes.toString('base64'),
    bytes.toString('base64url'),
  ];
}

function withoutPart(bytes: Uint8Array, part: Buffer): Uint8Array {
  const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kept: Uint8Array[] = [];
  let from = 0;
  for (let at = source.indexOf(part); at !== -1; at = source.indexOf(part, from)) {
    kept.push(source.subarray(from, at), Buffer.from(mask));
    from = at + part.length;
  }
  return from === 0 ? bytes : Buffer.concat([...kept, source.subarray(from)]);
}

function redactedError(error: unknown, text: (original: string) => string): unknown {
  if (error instanceof WorkflowFault) {
    const { title, detail } = error.error;
    return new WorkflowFault({
      ...error.error,
      title: text(title),
      ...(detail === undefined ? {} : { detail: text(detail) }),
    });
  }
  if (isNativeError(error)) {
    error.message = text(error.message);
    if (error.stack !== undefined) error.stack = text(error.stack);
    if (error.cause !== undefined) error.cause = redactedError(error.cause, text);
  }
  return error;
}
