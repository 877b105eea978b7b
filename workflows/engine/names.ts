/** Names that the engine gives to things of Temporal, within the lengths that its server takes whatever a task is called. */
import { idempotencyKey } from './idempotency-key.ts';

// The server refuses ids of more than 1,000 bytes by failing the workflow task for ever; a character has up to three.
const maxIdCharacters = 300;

// And summaries of more than 400 bytes.
const maxSummaryCharacters = 100;

/** The id of a task's activity; the number of the task run makes it unique. */
export function activityId(seq: number, reference: string): string {
  return `${seq}:${reference}`.slice(0, maxIdCharacters).toWellFormed();
}

/** The id of a task's child. It names the task: whoever repeats this start finds the same child. */
export function childWorkflowId(parent: string, name: string, key: string): string {
  const id = `${parent}/${name}-${key.slice(0, 12)}`.toWellFormed();
  return id.length <= maxIdCharacters
    ? id
    : `${parent.slice(0, 200).toWellFormed()}/${idempotencyKey(id, key)}`;
}

/** What the Web UI shows beside an activity, a timer or a child. */
export function summary(text: string): string {
  return text.slice(0, maxSummaryCharacters).toWellFormed();
}
