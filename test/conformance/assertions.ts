import { isDeepStrictEqual } from 'node:util';
import { isJsonObject, type Json } from '../../dsl/json.ts';
import type { Assertion, Ending } from './scenario.ts';

/** What an assertion finds wrong with an ending, or undefined when it holds. */
export function failureOf(assertion: Assertion, ending: Ending): string | undefined {
  switch (assertion.type) {
    case 'status':
      if (ending.status !== assertion.status) {
        return `ended in ${ending.status}, expected ${assertion.status}; error ${JSON.stringify(ending.error)}`;
      }
      if (assertion.output !== undefined && !isDeepStrictEqual(ending.output, assertion.output)) {
        return `output ${JSON.stringify(ending.output)}, expected ${JSON.stringify(assertion.output)}`;
      }
      if (assertion.error !== undefined && !includes(ending.error, assertion.error)) {
        return `error ${JSON.stringify(ending.error)}, expected at least ${JSON.stringify(assertion.error)}`;
      }
      return undefined;
    case 'hasProperties': {
      const missing = assertion.paths.filter((path) => at(ending.output, path) === undefined);
      return missing.length === 0
        ? undefined
        : `no ${missing.join(', ')} in ${JSON.stringify(ending.output)}`;
    }
    case 'propertyValue': {
      const found = at(ending.output, assertion.path);
      if (isDeepStrictEqual(found, assertion.value)) return undefined;
      return `${assertion.path} is ${JSON.stringify(found)}, expected ${JSON.stringify(assertion.value)}`;
    }
    case 'propertyCount': {
      const found = at(ending.output, assertion.path);
      const count = typeof found === 'object' && found !== null ? Object.keys(found).length : undefined;
      return count === assertion.count
        ? undefined
        : `${assertion.path} has ${count} items, expected ${assertion.count}`;
    }
    case 'taskOrder':
      return inOrder(assertion, ending.started)
        ? undefined
        : `${assertion.task} ${assertion.order} ${assertion.other ?? ''} not so in ${ending.started.join(', ')}`;
  }
}

function inOrder(
  { task, order, other }: Extract<Assertion, { type: 'taskOrder' }>,
  started: readonly string[],
): boolean {
  const index = started.indexOf(task);
  const others = other === undefined ? -1 : started.indexOf(other);
  switch (order) {
    case 'first':
      return index === 0;
    case 'last':
      return started.length > 0 && started.at(-1) === task;
    case 'after':
      return index >= 0 && others >= 0 && index > others;
    case 'before':
      return index >= 0 && others >= 0 && index < others;
  }
}

function at(value: Json, path: string): Json | undefined {
  let current: Json | undefined = value;
  for (const key of path.split('.')) {
    if (!isJsonObject(current) || !Object.hasOwn(current, key)) return undefined;
    current = current[key];
  }
  return current;
}

function includes(actual: Json, expected: Json): boolean {
  if (!isJsonObject(expected)) return isDeepStrictEqual(actual, expected);
  return (
    isJsonObject(actual) &&
    Object.entries(expected).every(([key, value]) => includes(actual[key] ?? null, value))
  );
}
