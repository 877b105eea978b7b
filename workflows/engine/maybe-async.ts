/**
 * Values that may come later. Temporal's sandbox takes a stack trace for every promise that is made, which costs more
 * than a whole pure task: what needs no promise makes none.
 */

/** A value now, or the promise of it. */
export type Maybe<T> = T | Promise<T>;

/** Goes on with a value as soon as it is there: at once, or when its promise is fulfilled. */
export function after<T, Result>(value: Maybe<T>, then: (value: T) => Maybe<Result>): Maybe<Result> {
  return value instanceof Promise ? value.then(then) : then(value);
}

/** Repeats a step until it gives something other than undefined; asynchronous from the first step that is. */
export function repeat<T>(step: () => Maybe<T | undefined>): Maybe<T> {
  for (;;) {
    const result = step();
    if (result instanceof Promise) return repeatLater(result, step);
    if (result !== undefined) return result;
  }
}

async function repeatLater<T>(pending: Promise<T | undefined>, step: () => Maybe<T | undefined>): Promise<T> {
  let result: T | undefined = await pending;
  while (result === undefined) {
    const next = step();
    result = next instanceof Promise ? await next : next;
  }
  return result;
}
