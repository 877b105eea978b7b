/** What keeps the answers of queries small: texts that are cut, lists that end where there is no room. */
import type { WorkflowError } from '../../dsl/errors.ts';
import { asJson, jsonSize } from '../../dsl/json.ts';

/** The first characters of a text that is longer. */
export function shorten(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters) return text;
  return `${text.slice(0, maxCharacters - 1).toWellFormed()}…`;
}

/** An error beside many others. */
export function shortError({ type, title, detail, instance, status }: WorkflowError): WorkflowError {
  return {
    type: shorten(type, 200),
    status,
    instance: shorten(instance, 300),
    title: shorten(title, 200),
    ...(detail === undefined ? {} : { detail: shorten(detail, 500) }),
  };
}

/** The first items whose JSON fits into so many bytes together. */
export function firstThatFit<Item extends object>(items: readonly Item[], bytes: number): readonly Item[] {
  let left = bytes;
  const end = items.findIndex((item) => (left -= jsonSize(asJson(item)) + 1) < 0);
  return end < 0 ? items : items.slice(0, end);
}
