/** Says what of a run is not as the outcome has it; an empty list is a run that passed. */
import { isDeepStrictEqual } from 'node:util';
import { isJsonObject } from '../../../dsl/json.ts';
import type { Json, JsonObject } from '../../../dsl/json.ts';
import { missingCalls, missingMessages } from './compare-calls.ts';
import type { Outcome } from './outcomes.ts';
import type { Seen } from './seen.ts';

/** Begins the URI of the standard error types. */
export const standardErrorType = 'https://open-workflow-specification.org/spec/1.0.0/errors/';

/** What is wrong with how the execution ended, and with everything that was to be seen before. */
export function failuresOf(outcome: Outcome, seen: Seen): string[] {
  const { execution } = seen;
  const status = outcome.ends === 'listening' ? 'cancelled' : outcome.ends;
  if (execution.status !== status) {
    return [`ended as ${execution.status}, expected ${status}; error ${shown(execution.error)}`];
  }
  return [
    ...endFailures(outcome, execution),
    ...outsideFailures(outcome, seen),
    ...containerFailures(outcome, seen),
  ];
}

/** What the stand-ins still have to see: calls, messages, events. Grows less while an execution runs. */
export function outsideFailures(
  outcome: Outcome,
  seen: Omit<Seen, 'execution' | 'containersLater'>,
): string[] {
  const missing = (outcome.emits ?? []).filter(
    (event) => !seen.events.some((found) => includes(found, event)),
  );
  return [
    ...missingCalls(outcome, seen.calls, seen.issuedTokens),
    ...missingMessages(outcome, seen.calls),
    ...missing.map((event) => `no event ${shown(event)} in ${shown(seen.events)}`),
    ...(missing.length === 0 ? disorder(outcome.emits ?? [], seen.events) : []),
    ...(outcome.ends === 'listening' && seen.messagesLeft > 0
      ? [`${seen.messagesLeft} messages not taken`]
      : []),
  ];
}

function disorder(expected: readonly Json[], events: readonly Json[]): string[] {
  const places = expected.map((event) => events.findIndex((found) => includes(found, event)));
  const isOrdered = places.every((place, index) => index === 0 || place > (places[index - 1] ?? -1));
  return isOrdered ? [] : [`events came in the order ${places.join(', ')}`];
}

function endFailures(outcome: Outcome, { output = null, error }: Seen['execution']): string[] {
  const failures: string[] = [];
  const expect = (what: string, found: unknown, wanted: unknown, holds: boolean): void => {
    if (!holds) failures.push(`${what} ${shown(found)}, expected ${shown(wanted)}`);
  };
  const { outputContains, outputPayloads, outputEvents } = outcome;
  if (outcome.output !== undefined) {
    expect('output', output, outcome.output, isDeepStrictEqual(output, outcome.output));
  }
  if (outcome.error !== undefined) {
    expect('error', error, outcome.error, includes(error, withWholeType(outcome.error)));
  }
  if (outputContains !== undefined) {
    expect('output', output, outputContains, typeof output === 'string' && output.includes(outputContains));
  }
  if (outputPayloads !== undefined) {
    const numbers = Array.isArray(output) ? output.map(numberOf) : undefined;
    expect('output', output, outputPayloads, isDeepStrictEqual(numbers, outputPayloads));
  }
  if (outputEvents !== undefined) {
    expect('output', output, outputEvents, includes(output, outputEvents));
  }
  return failures;
}

/** Outcomes name the standard types by their last word. */
function withWholeType(error: JsonObject): JsonObject {
  const { type } = error;
  const isWord = typeof type === 'string' && /^[a-z]+$/.test(type);
  return isWord ? { ...error, type: `${standardErrorType}${type}` } : error;
}

function numberOf(message: Json): Json | undefined {
  const payload = isJsonObject(message) ? message.payload : undefined;
  return isJsonObject(payload) ? payload.number : undefined;
}

function containerFailures(outcome: Outcome, seen: Seen): string[] {
  const { containers, containerName, pulls } = outcome;
  const { containersAtEnd, containersLater } = seen;
  const failures: string[] = [];
  const kept = containersAtEnd.length === 1;
  const expected = {
    kept: kept && containersLater.length === 1,
    removed: containersAtEnd.length === 0,
    'removed later': kept && containersLater.length === 0,
  };
  if (containers !== undefined && !expected[containers]) {
    const found = `${containersAtEnd.join()} at the end, ${containersLater.join()} later`;
    failures.push(`the container was to be ${containers}: ${found}`);
  }
  if (containerName !== undefined && !containersAtEnd.includes(containerName)) {
    failures.push(`no container ${containerName} but ${containersAtEnd.join()}`);
  }
  if (pulls !== undefined && seen.pulls !== pulls) {
    failures.push(`${seen.pulls} pulls, expected ${pulls}`);
  }
  return failures;
}

/** Whether `actual` has at least what `expected` has; lists must be as long. */
function includes(actual: unknown, expected: Json): boolean {
  if (Array.isArray(expected)) {
    const items = expected as readonly Json[];
    return (
      Array.isArray(actual) &&
      actual.length === items.length &&
      items.every((item, index) => includes(actual[index], item))
    );
  }
  if (!isJsonObject(expected)) return isDeepStrictEqual(actual, expected);
  return (
    isJsonObject(actual) && Object.entries(expected).every(([key, value]) => includes(actual[key], value))
  );
}

function shown(value: unknown): string {
  return JSON.stringify(value) ?? 'nothing';
}
