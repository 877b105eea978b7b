import type { Json } from '../json.ts';
import type { Code, Paths } from './code.ts';
import { ExpressionLimitError } from './errors.ts';
import type { ExpressionEnvironment } from './limits.ts';

/** One run of an expression: what is left of its limits, and what it sees of the world. */
export class Run {
  readonly environment: ExpressionEnvironment;
  readonly stringLength: number;
  readonly arrayLength: number;
  #steps: number;
  #regexSteps: number;
  /** What is left. A catch site puts back what it was, so that leaving by an exception needs no `finally`. */
  depth: number;
  #labels = 0;

  constructor(environment: ExpressionEnvironment) {
    this.environment = environment;
    this.stringLength = environment.limits.stringLength;
    this.arrayLength = environment.limits.arrayLength;
    this.#steps = environment.limits.steps;
    this.#regexSteps = environment.limits.regexSteps;
    this.depth = environment.limits.depth;
  }

  /** A number for the next label that is entered, as `catch` sees it. */
  nextLabel(): number {
    return this.#labels++;
  }

  /** Steps taken so far. */
  get used(): number {
    return this.environment.limits.steps - this.#steps;
  }

  /** Counts work; built-ins count every element that they touch. */
  tick(steps = 1): void {
    this.#steps -= steps;
    // Written this way round, NaN and Infinity end the run too.
    if (!(this.#steps >= 0)) {
      throw new ExpressionLimitError(`Expression exceeds ${this.environment.limits.steps} steps`);
    }
  }

  /** Counts a look at every character of a text, which is cheaper than a step for each. */
  tickText(length: number): void {
    this.tick(1 + (length >> 6));
  }

  /** Counts the copy of an array to one of that length, which is cheaper than a step for each item. */
  tickCopy(length: number): void {
    this.checkItems(length);
    // Not for the time: a million steps can then hold 128 MB.
    this.tick(1 + (length >> 4));
  }

  /** Counts the look-up of a member. V8 gives all names of one length beyond this one hash, so that each costs as many comparisons as there are. */
  tickKey(key: string): void {
    if (key.length > maxHashedLength) this.tick(key.length >> 2);
  }

  /** Refuses a text of that many UTF-16 units, best before it is made. */
  checkText(length: number): void {
    if (length > this.stringLength) {
      throw new ExpressionLimitError(`Expression makes a text of more than ${this.stringLength} characters`);
    }
  }

  /** Refuses an array of that many items, or an object of that many members. */
  checkItems(length: number): void {
    if (length > this.arrayLength) {
      throw new ExpressionLimitError(
        `Expression makes an array or object of more than ${this.arrayLength} items`,
      );
    }
  }

  /** Counts the work of regular expressions, which have a limit of their own: their steps are much smaller. */
  tickRegex(steps: number): void {
    this.#regexSteps -= steps;
    if (!(this.#regexSteps >= 0)) {
      throw new ExpressionLimitError(
        `Expression exceeds ${this.environment.limits.regexSteps} steps of regular expressions`,
      );
    }
  }

  /** Goes `weight` levels deeper; `leave` with the same weight comes back. */
  enter(weight: number): void {
    this.depth -= weight;
    if (this.depth < 0) {
      throw new ExpressionLimitError(`Expression exceeds a depth of ${this.environment.limits.depth}`);
    }
  }

  leave(weight: number): void {
    this.depth += weight;
  }
}

const maxHashedLength = 16_000;

/** An argument of a function: called by name, in the scope of the caller. */
export interface Closure {
  readonly code: Code;
  /** Compiled when first wanted: most arguments never stand inside a path. */
  readonly paths: () => Paths;
  readonly env: Env;
}

/**
 * What names stand for at run time: one link a variable, argument or label, innermost first. A persistent chain and no
 * mutable frame, because a body whose output is still being consumed can be entered again.
 */
export interface Env {
  readonly run: Run;
  readonly value: Json;
  readonly closure: Closure | undefined;
  readonly up: Env | undefined;
}

/** A link for a variable, or with no value for a label. */
export function bindValue(env: Env, value: Json): Env {
  return { run: env.run, value, closure: undefined, up: env };
}

/** A link for an argument that is a variable and, by the same name, a function. */
export function bindArgument(env: Env, value: Json, closure: Closure): Env {
  return { run: env.run, value, closure, up: env };
}

export function bindClosure(env: Env, closure: Closure): Env {
  return { run: env.run, value: null, closure, up: env };
}

/** The link `hops` further out. The compiler counted them, so they are there. */
export function outer(env: Env, hops: number): Env {
  let link: Env | undefined = env;
  for (let left = hops; left > 0 && link !== undefined; left--) link = link.up;
  if (link === undefined) throw new TypeError('The compiler lost count of its scopes');
  return link;
}

/** Unwinds to the `label` that made this link, whose value is the label's number, unless a `try` is in the way. */
export class BreakSignal {
  readonly label: Env;

  constructor(label: Env) {
    this.label = label;
  }
}
