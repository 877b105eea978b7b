import { isJsonObject } from '../../dsl/json.ts';
import type { Json } from '../../dsl/json.ts';
import { findSecrets } from './find-secrets.ts';
import { redactedError } from './redacted-error.ts';
import { spellings } from './spellings.ts';
import type { Spelling } from './spellings.ts';

/** What stands where a secret was. */
const mask = '***';

/**
 * Shorter values are replaced only where they are the whole text: inside longer texts they would hit everything
 * ("on", "12"), and hide nothing that could not be guessed.
 */
const shortestPart = 4;

/** Takes secrets out of what leaves a call. */
export interface Redactor {
  /** Makes a further value secret, in all its {@link spellings}. */
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
  const known: Spelling[] = [];

  const learn = (value: string): void => {
    if (value === '' || wholes.has(value)) return;
    wholes.add(value);
    if (value.length >= shortestPart) known.push(...spellings(value).filter(isLongEnough));
  };
  for (const secret of secrets) for (const value of leaves(secret)) learn(value);

  const text = (original: string): string => {
    if (wholes.has(original)) return mask;
    const found = findSecrets(original, known);
    if (found.length === 0) return original;
    const kept = found.map(([from], index) => original.slice(found[index - 1]?.[1] ?? 0, from) + mask);
    return kept.join('') + original.slice(found.at(-1)?.[1] ?? 0);
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
    // One character a byte: the spellings know how UTF-8 looks then.
    bytes: (bytes) => {
      const original = asLatin1(bytes);
      const redacted = text(original);
      return redacted === original ? bytes : Buffer.from(redacted, 'latin1');
    },
    error: (error) =>
      wholes.size === 0 ? error : redactedError(error, (said) => withoutCutOff(text(said), wholes)),
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

function isLongEnough({ text }: Spelling): boolean {
  return text.length >= shortestPart;
}

/** Messages quote long values up to a mark like `...`: then the beginning of a secret stands there. */
function withoutCutOff(text: string, secrets: ReadonlySet<string>): string {
  const beginnings = [...secrets].flatMap((secret) => [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret.toWellFormed()),
  ]);
  const parts = text.split(/(…|\.{3})/).map((part, index, all) => {
    if (index % 2 === 1 || index === all.length - 1) return part;
    const kept = Math.max(0, ...beginnings.map((secret) => sharedLength(part, secret)));
    return kept < shortestPart ? part : part.slice(0, -kept) + mask;
  });
  return parts.join('');
}

/** How many characters at the end of the text begin the secret. */
function sharedLength(text: string, secret: string): number {
  let length = Math.min(secret.length, text.length);
  while (length > 0 && !text.endsWith(secret.slice(0, length))) length -= 1;
  return length;
}

function asLatin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
