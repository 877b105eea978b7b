import type { Json } from '../json.ts';
import type { Env, Run } from './runtime.ts';

/** At most one output; undefined is none. The fast form: a plain call without a callback. */
export type One = (input: Json, env: Env) => Json | undefined;

/** Takes an output; true asks the producer to stop. */
export type Emit = (value: Json) => boolean;

/** Any number of outputs, in order; returns true when a consumer asked to stop. */
export type Many = (input: Json, env: Env, emit: Emit) => boolean;

/** A compiled expression. */
export interface Code {
  /** Only of expressions that never have two outputs. */
  readonly one: One | undefined;
  readonly many: Many;
  /** Every output at once, of generators that make them faster so than one by one. */
  readonly list?: (input: Json, env: Env) => Json[];
  /** How many of its nodes can be active at once: what a call of it costs in depth. */
  readonly weight: number;
  /** Set when the expression is a literal. */
  readonly constant?: Json;
}

/** A step of a path and where it starts from. */
export interface Trail {
  readonly key: Json;
  readonly from: Trail | null;
}

/** Of a value that did not come out of the input: the last place that did, and what stands there. */
export interface OffPath {
  readonly lastPath: Trail | null;
  readonly lastValue: Json;
}

/** The path to a value; null at the root. */
export type PathTo = Trail | OffPath | null;

export type PathEmit = (path: PathTo, value: Json) => boolean;

/** Outputs with the paths to them. */
export type Paths = (path: PathTo, value: Json, env: Env, emit: PathEmit) => boolean;

export function codeOfOne(one: One, weight: number): Code {
  return {
    one,
    many: (input, env, emit) => {
      const value = one(input, env);
      return value !== undefined && emit(value);
    },
    weight,
  };
}

export function codeOfMany(many: Many, weight: number): Code {
  return { one: undefined, many, weight };
}

export function codeOfConstant(value: Json): Code {
  return { ...codeOfOne(() => value, 1), constant: value };
}

/** The greatest weight: of parts that are active one after the other. */
export function heaviest(...codes: readonly (Code | undefined)[]): number {
  let weight = 0;
  for (const code of codes) if (code !== undefined && code.weight > weight) weight = code.weight;
  return weight;
}

/** The sum: of parts that consume each other's outputs, all active at once. */
export function together(...codes: readonly (Code | undefined)[]): number {
  let weight = 0;
  for (const code of codes) weight += code?.weight ?? 0;
  return weight;
}

/** The forms of all codes when none has two outputs. */
export function onesOf(codes: readonly Code[]): readonly One[] | undefined {
  const ones: One[] = [];
  for (const code of codes) {
    if (code.one === undefined) return undefined;
    ones.push(code.one);
  }
  return ones;
}

/** The keys from the root to here. */
export function trailKeys(trail: Trail | null, run: Run): Json[] {
  const keys: Json[] = [];
  for (let step = trail; step !== null; step = step.from) keys.push(step.key);
  run.tick(keys.length >> 3);
  return keys.reverse();
}
