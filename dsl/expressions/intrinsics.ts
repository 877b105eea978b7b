import type { Json } from '../json.ts';

// Inside a vm context, such as Temporal's workflow sandbox, every mention of a global is an intercepted look-up that
// costs a hundred times what the function itself does. What runs for every value is therefore looked up once.

/** `Array.isArray` for immutable arrays: the built-in one would make them mutable. */
export const isArray: (value: unknown) => value is readonly Json[] = Array.isArray;
export const hasOwn: (object: object, key: PropertyKey) => boolean = Object.hasOwn;
export const keysOf: (object: object) => string[] = Object.keys;
export const isNaN: (value: number) => boolean = Number.isNaN;
export const isFinite: (value: number) => boolean = Number.isFinite;
export const isInteger: (value: number) => boolean = Number.isInteger;
export const floor: (value: number) => number = Math.floor;
export const min: (one: number, other: number) => number = Math.min;
export const abs: (value: number) => number = Math.abs;
