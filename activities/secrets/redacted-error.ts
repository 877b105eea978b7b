import { isNativeError } from 'node:util/types';
import { WorkflowFault } from '../../dsl/errors.ts';

/** The error with `hide` applied to all that it says: message, stack, causes, and what clients hang on to theirs. */
export function redactedError(error: unknown, hide: (text: string) => string): unknown {
  return redacted(error, hide, new Set());
}

function redacted(value: unknown, hide: (text: string) => string, seen: Set<object>): unknown {
  if (typeof value === 'string') return hide(value);
  if (typeof value !== 'object' || value === null || seen.has(value)) return value;
  seen.add(value);
  if (value instanceof WorkflowFault) {
    const { title, detail } = value.error;
    return new WorkflowFault({
      ...value.error,
      title: hide(title),
      ...(detail === undefined ? {} : { detail: hide(detail) }),
    });
  }
  if (Array.isArray(value)) return (value as readonly unknown[]).map((item) => redacted(item, hide, seen));
  if (isNativeError(value)) {
    // Not all of these are enumerable, nor is each error of a class of its own: it stays what it is.
    for (const name of new Set(['message', 'stack', 'cause', 'errors', ...Object.keys(value)])) {
      const member: unknown = Reflect.get(value, name);
      if (member !== undefined) Reflect.set(value, name, redacted(member, hide, seen));
    }
    return value;
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  const members = Object.entries(value).map(([name, member]) => [name, redacted(member, hide, seen)]);
  return Object.fromEntries(members) as object;
}
