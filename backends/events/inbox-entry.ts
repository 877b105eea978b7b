/** An event in the inbox, and what the store keeps of it. */
import type { CloudEvent } from '../../dsl/events/cloud-event.ts';
import { isJsonObject } from '../../dsl/json.ts';
import type { Json } from '../../dsl/json.ts';
import { StoreError } from '../store/errors.ts';

/** Who acts on an event: an execution by its seed, and the definition that it runs. */
export interface Recipient {
  readonly definition: string;
  readonly seed: string;
}

/** Where an event lies. */
export interface InboxClaim {
  readonly type: string;
  readonly place: string;
}

export interface InboxEntry {
  readonly event: CloudEvent;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
  readonly expiresAt: number;
  readonly recipients: readonly Recipient[];
}

// The list is for people, and for listeners of the same definition; nobody needs thousands.
const maxRecipients = 100;

/** The entry with one more who acted on it; undefined where it has that already. */
export function withRecipient(entry: InboxEntry, recipient: Recipient): InboxEntry | undefined {
  const { definition, seed } = recipient;
  if (entry.recipients.some((one) => one.definition === definition && one.seed === seed)) return undefined;
  return { ...entry, recipients: [...entry.recipients, recipient].slice(-maxRecipients) };
}

/** The entry of an event that nobody has acted on yet. */
export function newEntry(event: CloudEvent, receivedAt: number, keepMs: number): InboxEntry {
  return { event, receivedAt, expiresAt: receivedAt + keepMs, recipients: [] };
}

/** Whether another execution of the same definition acted on the event. */
export function isTaken({ recipients }: InboxEntry, { definition, seed }: Recipient): boolean {
  return recipients.some((one) => one.definition === definition && one.seed !== seed);
}

/** The last part of an entry's key. */
export function placeOf(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1);
}

/** When the event at a place came, in milliseconds since the epoch. */
export function timeOf(place: string): number {
  return Number(place.slice(0, 14));
}

/** The entry as the store keeps it. */
export function entryValue(entry: InboxEntry): Json {
  return { ...entry, recipients: entry.recipients.map((recipient) => ({ ...recipient })) };
}

/** Fails with a {@link StoreError} where the document is something else. */
export function parseEntry(key: string, value: Json): InboxEntry {
  if (!isJsonObject(value) || !isJsonObject(value['event'])) throw damaged(key);
  // Written by this file, from an event that was checked.
  return value as object as InboxEntry;
}

/** Fails with a {@link StoreError} where the document is something else. */
export function parseClaim(key: string, value: Json): InboxClaim {
  if (!isJsonObject(value)) throw damaged(key);
  const { type, place } = value;
  if (typeof type !== 'string' || typeof place !== 'string') throw damaged(key);
  return { type, place };
}

function damaged(key: string): StoreError {
  return new StoreError(
    'invalid',
    `The document "${key}" in the store is not what Perdure wrote there. Delete it.`,
  );
}
