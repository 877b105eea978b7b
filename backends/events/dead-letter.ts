/** One dead letter, and what the store keeps of it. */
import { createHash } from 'node:crypto';
import { eventIdentity, parseCloudEvent } from '../../dsl/events/cloud-event.ts';
import { canonicalJson, isJsonObject, jsonSize } from '../../dsl/json.ts';
import type { Json } from '../../dsl/json.ts';
import { StoreError } from '../store/errors.ts';
import type { DeadReason } from './failure.ts';

export interface DeadLetter {
  /** Begins with the time of the first failure: ids are in that order. */
  readonly id: string;
  readonly reason: DeadReason;
  /** What went wrong, for people. */
  readonly detail: string;
  /** Attributes of the event, as far as the content has them. */
  readonly event: { readonly id?: string; readonly source?: string; readonly type?: string };
  /** Where the event system had it. */
  readonly origin?: string;
  /** The first failure and the last, and when the letter goes; milliseconds since the epoch. */
  readonly diedAt: number;
  readonly failedAt: number;
  readonly expiresAt: number;
  /** Tries to route it, all together. */
  readonly attempts: number;
  /** Of the content's JSON. */
  readonly bytes: number;
  /** False where the content is too large to be kept: then only its beginning is, as a text. */
  readonly complete: boolean;
  /** Addresses of those who have the event nevertheless: it is not handed to them again. */
  readonly reached: readonly string[];
}

/** What is set aside. */
export interface DeadEvent {
  readonly content: Json;
  readonly reason: DeadReason;
  readonly detail: string;
  readonly attempts: number;
  readonly origin?: string;
  readonly reached?: Iterable<string>;
}

const maxDetail = 2_000;
const maxAttribute = 2_048;
const maxReached = 1_000;

/** The letter of an event that has failed at `now`; `before` is the one that there was. */
export function letterOf(
  { content, reason, detail, attempts, origin, reached = [] }: DeadEvent,
  before: DeadLetter | undefined,
  {
    id,
    complete,
    now,
    keepMs,
  }: Pick<DeadLetter, 'id' | 'complete'> & { readonly now: number; readonly keepMs: number },
): DeadLetter {
  const { diedAt = now, attempts: earlier = 0, reached: had = [] } = before ?? {};
  return {
    id,
    reason,
    detail: cut(detail, maxDetail),
    event: attributesOf(content),
    ...(origin === undefined ? {} : { origin: cut(origin, maxAttribute) }),
    diedAt,
    failedAt: now,
    expiresAt: now + keepMs,
    attempts: earlier + attempts,
    bytes: jsonSize(content),
    complete,
    // Those beyond would get it again, and know it for as long as they remember it themselves.
    reached: [...new Set([...had, ...reached])].slice(0, maxReached),
  };
}

/** The same for every copy of an event, and for the same content where it is no event. */
export function digestOf(content: Json): string {
  const parsed = parseCloudEvent(content);
  const identity = parsed.ok ? `event ${eventIdentity(parsed.event)}` : `content ${canonicalJson(content)}`;
  return createHash('sha256').update(identity).digest('hex').slice(0, 24);
}

/** What of the content is kept: all of it, or its beginning as a text where it has more bytes of JSON than may be. */
export function keptContent(
  content: Json,
  contentBytes: number,
): { readonly content: Json; readonly complete: boolean } {
  if (jsonSize(content) <= contentBytes) return { content, complete: true };
  let text = typeof content === 'string' ? content : JSON.stringify(content);
  text = text.slice(0, contentBytes);
  // Escapes and letters beyond ASCII take more bytes than one.
  while (jsonSize(text) > contentBytes) text = text.slice(0, Math.floor(text.length / 2));
  return { content: text.toWellFormed(), complete: false };
}

function attributesOf(content: Json): DeadLetter['event'] {
  if (!isJsonObject(content)) return {};
  const attribute = (name: 'id' | 'source' | 'type'): Partial<Record<typeof name, string>> => {
    const value = content[name];
    return typeof value === 'string' && value !== '' ? { [name]: cut(value, maxAttribute) } : {};
  };
  return { ...attribute('id'), ...attribute('source'), ...attribute('type') };
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).toWellFormed()}…`;
}

/** Fails with a {@link StoreError} where the document is something else. */
export function parseLetter(key: string, value: Json): DeadLetter {
  if (!isJsonObject(value) || typeof value['expiresAt'] !== 'number') {
    throw new StoreError(
      'invalid',
      `The document "${key}" in the store is not what Perdure wrote there. Delete it.`,
    );
  }
  // Written by this file.
  return value as object as DeadLetter;
}
