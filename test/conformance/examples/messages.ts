import { isJsonObject } from '../../../dsl/json.ts';
import type { Json, JsonObject } from '../../../dsl/json.ts';
import type { Outcome } from './outcomes.ts';

/**
 * The notifications of a run: some that the examples' filter passes over, between them numbered ones from the contact
 * of the input to its user.
 */
export function messagesFor({ messages, input }: Outcome): JsonObject[] {
  if (messages === undefined || !isJsonObject(input)) return [];
  const { userId = null, contact = null } = input;
  const all: JsonObject[] = [];
  for (let number = 1; number <= Math.max(messages.other, messages.matching); number++) {
    if (number <= messages.other) all.push(notification('somebody', contact, -number));
    if (number <= messages.matching) all.push(notification(userId, contact, number));
  }
  return all;
}

function notification(userId: Json, from: Json, number: number): JsonObject {
  return { userId, from, number };
}
